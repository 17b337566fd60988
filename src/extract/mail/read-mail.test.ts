import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, test } from 'node:test';
import { DATASETS } from '#model';
import { campaign } from '#testnet';
import { DEFAULT_MAIL_LIMITS, MENTION_LABELS, type MailReading, type ReadMail } from './mail-reading.ts';
import { readMail } from './read-mail.ts';

const ID = 'Message-ID: <1@mail.example.net>';
const DATE = 'Date: Fri, 10 Nov 2017 17:42:11 +0900';

/** A mail of header lines and a body, in UTF-8. */
const mail = (fields: readonly string[], body: string): Uint8Array =>
  Buffer.from([...fields, '', body].join('\r\n'), 'utf8');

const part = (type: string, body: string, ...fields: string[]): string =>
  ['--B', `Content-Type: ${type}`, ...fields, '', body].join('\r\n');

const multipart = (...parts: string[]): Uint8Array =>
  mail([ID, DATE, 'Content-Type: multipart/mixed; boundary=B'], [...parts, '--B--', ''].join('\r\n'));

async function read(bytes: Uint8Array, limits = {}): Promise<ReadMail> {
  const reading = await readMail(bytes, { limits });
  assert.equal(reading.kind, 'mail', JSON.stringify(reading));
  return reading as ReadMail; // asserted
}

const mentions = ({ mentions }: ReadMail): string[] =>
  mentions.map(({ where, part, url, host }) => `${where} | ${part} | ${url ?? host}`);

test('the labels are those of the dataset', () => {
  assert.deepEqual(MENTION_LABELS, DATASETS.mentions.labels);
});

test('senders, headers, subject and text, in that order', async () => {
  const reading = await read(
    mail(
      [
        'Received: from mx.example.net by mx.example.com; Fri, 10 Nov 2017 08:43:00 +0000',
        'Return-Path: <bounce@bounces.example.net>',
        'From: "support@bank.example.com" <tech@bitcoingöld.org>',
        'Reply-To: =?utf-8?Q?J=C3=A4ne?= <jane@reply.example.net>',
        'To: A <a@example.com>, b@example.com',
        'Subject: =?utf-8?B?aHh4cDovL3N1YmplY3RbLl1leGFtcGxlLm9yZw==?=',
        'List-Unsubscribe: <https://list.example.net/u?1>, <mailto:u@list.example.net>',
        ID,
        DATE,
      ],
      'Claim your coins: https://example.org/a\r\n',
    ),
  );
  assert.deepEqual(mentions(reading), [
    'from | header From | xn--bitcoingld-lcb.org',
    'from | header From | bank.example.com',
    'reply-to | header Reply-To | reply.example.net',
    'header | header Return-Path | bounces.example.net',
    'header | header List-Unsubscribe | https://list.example.net/u?1',
    'subject | header Subject | http://subject.example.org/',
    'text | text | https://example.org/a',
  ]);
  assert.deepEqual(reading.message, {
    messageId: '1@mail.example.net',
    from: 'support@bank.example.com <tech@bitcoingöld.org>',
    replyTo: 'Jäne <jane@reply.example.net>',
    returnPath: 'bounce@bounces.example.net',
    to: ['A <a@example.com>', 'b@example.com'],
    cc: [],
    subject: 'hxxp://subject[.]example.org',
    date: '2017-11-10T08:42:11.000Z',
  });
  assert.equal(reading.source, '1@mail.example.net');
  const inText = {
    dataset: 'mentions',
    source: '1@mail.example.net',
    label: 'text',
    seenAt: '2017-11-10T08:43:00.000Z',
    detail: {},
    evidence: {
      mail: { sha256: reading.sha256, part: 'text', snippet: 'Claim your coins: https://example.org/a' },
    },
  };
  assert.deepEqual(reading.observations.slice(-2), [
    { ...inText, target: 'https://example.org/a' },
    { ...inText, target: 'example.org' },
  ]);
  const subject = reading.observations.find(({ label }) => label === 'subject');
  assert.deepEqual([subject?.detail, subject?.evidence.header], [{ isDefanged: true }, 'Subject']);
});

test('a mail is named as it is found again: its Message-ID as an artifact, else the digest of its bytes', async () => {
  const named = async (id: string): Promise<string> => {
    const reading = await readMail(Buffer.from(`Message-ID: ${id}\r\nFrom: a@example.org\r\n\r\nhi`));
    assert.equal(reading.kind, 'mail');
    return reading.source;
  };
  assert.equal(await named('<CAF+X@Mail.Example.ORG>'), 'caf+x@mail.example.org');
  for (const id of ['<bank.example.com>', '', `<${'x'.repeat(600)}@example.org>`])
    assert.match(await named(id), /^sha256:[0-9a-f]{64}$/);
});

test('a time that cannot be is none: the mail was seen when it was read', async () => {
  const readAt = '2020-01-02T03:04:05.000Z';
  for (const date of ['Mon, 01 Jan 275000 00:00:00 +0000', 'Wed, 01 Jan 2025 00:00:00 +0000', 'never'])
    assert.deepEqual(
      (
        (await readMail(Buffer.from(`Date: ${date}\r\nFrom: a@example.org\r\n\r\nhi`), {
          readAt,
        })) as ReadMail
      ).observations.map(({ seenAt }) => seenAt),
      [readAt],
      date,
    );
});

test('HTML: links, sources, forms, visible text, misleading links', async () => {
  const html = `<html xmlns="http://www.w3.org/1999/xhtml"><head><base href="https://base.example.org/d/">
    <style>body { background: url(https://css.example.org/bg.png) }</style></head><body>
    <!-- https://comment.example.org/ -->
    <a href="https://evil.example.net/?a=1&amp;b=2">https://bitcoin<b>gold</b>.org/</a>
    <a href="https://evil.example.net/?a=1&amp;b=2">click</a>
    <a href="https://www.example.com/">example.com</a> <a href="rel/page.html">x</a>
    <a href="mailto:jane@mail.example.org?subject=x">mail</a> <a href="tel:123">t</a> <a href="www.plain.example.org/x">p</a>
    <img src="https://img.example.org/p.gif"><img src="cid:1"><form action="https://form.example.org/post"></form>
    <p>Or type exam&shy;ple.net&#x200b;/path by hand</p>
    <script>location = "https://script.example.org/x"</script></body></html>`;
  const reading = await read(mail([ID, DATE, 'Content-Type: text/html; charset=utf-8'], html));
  assert.deepEqual(
    reading.mentions.map(({ where, url, host }) => `${where} ${url ?? host}`).sort(),
    [
      'html.form https://form.example.org/post',
      'html.href https://base.example.org/d/rel/page.html',
      'html.href https://evil.example.net/?a=1&b=2',
      'html.href https://www.example.com/',
      'html.href mail.example.org',
      'html.href https://base.example.org/d/www.plain.example.org/x',
      'html.src https://css.example.org/bg.png',
      'html.src https://img.example.org/p.gif',
      'html.text example.com',
      'html.text http://example.net/path',
      'html.text https://bitcoingold.org/',
      'html.text https://script.example.org/x',
    ].sort(),
  );
  const misleading = reading.mentions.filter(({ shownText }) => shownText !== undefined);
  assert.deepEqual(
    misleading.map(({ host, shownText, element, attribute }) => [host, shownText, element, attribute]),
    [['evil.example.net', 'https://bitcoingold.org/', 'a', 'href']],
  );
  assert.match(misleading[0]!.snippet, /^<a href="https:\/\/evil\.example\.net/);
});

test('encodings: quoted-printable, base64, other charsets, flowed text', async () => {
  const reading = await read(
    multipart(
      part(
        'text/plain; charset=utf-8',
        'https://qp.example.org/a=3Db=\r\nc',
        'Content-Transfer-Encoding: quoted-printable',
      ),
      part(
        'text/plain',
        Buffer.from('https://b64.example.org/').toString('base64'),
        'Content-Transfer-Encoding: base64',
      ),
      part('text/plain; format=flowed', 'https://flowed.example.org/long \r\npath'),
    ),
  );
  assert.deepEqual(
    reading.urls.map(({ url }) => url),
    ['https://qp.example.org/a=bc', 'https://b64.example.org/', 'https://flowed.example.org/long'],
  );
});

test('an address in angle brackets goes on behind the breaks that a mailer put into it', async () => {
  const reading = await read(
    mail(
      [ID, DATE],
      'See <https://angle.example/aaa\r\nbbb?c=\r\nd> and <https://whole.example/x>\r\nnot this',
    ),
  );
  assert.deepEqual(mentions(reading).slice(-2), [
    'text | text | https://angle.example/aaabbb?c=d',
    'text | text | https://whole.example/x',
  ]);
});

test('a body of which no part can be made out is read as it stands', async () => {
  const type = 'Content-Type: multipart/alternative; boundary=never';
  const reading = await read(mail([ID, DATE, type], 'Get it: hxxps://lure[.]example/a'));
  assert.deepEqual(mentions(reading).slice(-1), ['text | body | https://lure.example/a']);
});

test('attachments: pages, texts and mails are read, all are listed', async () => {
  const inner = [
    'From: x@inner.example.org',
    'Content-Type: multipart/mixed; boundary=C',
    '',
    '--C',
    '',
    'https://inner.example.org/mail',
    '--C',
    'Content-Type: text/html; name=deep.html',
    'Content-Disposition: attachment',
    '',
    '<form action=https://deep.example.org/f>',
    '--C--',
  ].join('\r\n');
  const bytes = Buffer.from('MZ\0inert');
  const reading = await read(
    multipart(
      part('text/plain', 'see attached'),
      part('message/rfc822', inner),
      part(
        'application/octet-stream; name="page.HTM"',
        '<a href="https://page.example.org/">x</a>',
        'Content-Disposition: attachment',
      ),
      part(
        'text/plain',
        'hxxp://note[.]example.org',
        'Content-Disposition: attachment; filename="../../note.txt"',
      ),
      part(
        'application/x-msdownload; name=setup.exe',
        bytes.toString('base64'),
        'Content-Transfer-Encoding: base64',
        'Content-Disposition: attachment',
      ),
    ),
  );
  assert.deepEqual(mentions(reading), [
    'attachment | message/rfc822 › header From | inner.example.org',
    'attachment | message/rfc822 › text | https://inner.example.org/mail',
    'attachment | message/rfc822 › deep.html | https://deep.example.org/f',
    'attachment | page.HTM | https://page.example.org/',
    'attachment | ../../note.txt | http://note.example.org/',
  ]);
  assert.deepEqual(
    reading.attachments.map(({ part }) => part),
    ['message/rfc822', 'message/rfc822 › deep.html', 'page.HTM', '../../note.txt', 'setup.exe'],
  );
  assert.deepEqual(reading.attachments.at(-1), {
    name: 'setup.exe',
    mediaType: 'application/x-msdownload',
    part: 'setup.exe',
    sizeBytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  });
});

test('a mail without id or time is named by its bytes and dated by its reader', async () => {
  const bytes = mail(['From: a@example.org'], 'x');
  const reading = await readMail(bytes, { readAt: '2017-12-01T00:00:00.000Z' });
  assert.equal(reading.kind, 'mail');
  const digest = createHash('sha256').update(bytes).digest('hex');
  assert.ok(reading.kind === 'mail' && reading.source === `sha256:${digest}`);
  assert.equal(reading.observations[0]!.seenAt, '2017-12-01T00:00:00.000Z');
});

describe('bytes that are no mail', () => {
  const cases: Readonly<Record<string, Uint8Array>> = {
    empty: new Uint8Array(0),
    'blank lines': Buffer.from('\r\n\r\n'),
    'a program': Buffer.from('MZ\x90\0From: x\r\n\r\n', 'latin1'),
    'a page': Buffer.from('<html>\nFrom: me\nTo: you\n</html>'),
    prose: Buffer.from('Dear all,\nTo: everyone\n'),
    'other fields': Buffer.from('Name: x\r\nAge: 7\r\n\r\n'),
    'a PNG': Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
  };
  for (const [name, bytes] of Object.entries(cases)) {
    test(name, async () => {
      const reading = await readMail(bytes);
      assert.equal(reading.kind, 'notMail');
      assert.match((reading as Exclude<MailReading, ReadMail>).reason, /\w+\.$/);
    });
  }
});

test('a mailbox line, a byte order mark and a missing body do not hide a mail', async () => {
  for (const text of [
    'From x@example.org Fri Nov 10 2017\nFrom: a@example.org\n\nhttps://example.org/',
    '\ufeff\nFrom: a@example.org\n\nhttps://example.org/',
    'From: a@example.org\nX-Link: https://example.org/',
  ]) {
    assert.equal((await read(Buffer.from(text))).urls.length, 1, text);
  }
});

describe('limits', () => {
  test('too many bytes, lines, headers or parts in parts: an outcome of their own', async () => {
    const kindOf = async (bytes: Uint8Array, limits = {}): Promise<string> =>
      (await readMail(bytes, { limits })).kind;
    assert.equal(await kindOf(mail([ID], 'x'.repeat(2000)), { bytes: 1000 }), 'tooLarge');
    assert.equal(await kindOf(mail([ID], '\n'.repeat(1000)), { units: 1000 }), 'tooComplex');
    const long = mail(
      Array.from({ length: 3000 }, () => `To: ${'x'.repeat(990)}`),
      '',
    );
    assert.equal(await kindOf(long), 'tooComplex');
    const deep = Array.from(
      { length: 300 },
      (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`,
    );
    assert.equal(await kindOf(Buffer.from(`${ID}\r\n${deep.join('')}`)), 'tooComplex');
  });

  test('text, attachments, mentions and messages in messages: the rest is read', async () => {
    const cut = await read(mail([ID], `https://a.example.org/ ${'x '.repeat(500)} https://b.example.org/`), {
      textLength: 100,
    });
    assert.deepEqual([cut.urls.length, cut.limits], [1, ['textLength']]);

    const parts = Array.from({ length: 3000 }, (_, i) =>
      part('text/plain', `https://x${i}.example.org/`, 'Content-Disposition: attachment'),
    );
    const many = await read(multipart(...parts), { attachments: 1000, mentions: 500 });
    assert.deepEqual([many.urls.length, many.attachments.length], [500, 1000]);
    assert.deepEqual([...many.limits].sort(), ['attachments', 'mentions']);

    let nested = 'From: z@example.org\r\n\r\nhttps://inmost.example.org/';
    for (let i = 0; i < 30; i++)
      nested = `From: a@n${i}.example.org\r\nContent-Type: message/rfc822\r\n\r\n${nested}`;
    const deep = await read(Buffer.from(nested));
    assert.deepEqual(deep.limits, ['depth']);
    assert.equal(deep.mentions.length, 1 + DEFAULT_MAIL_LIMITS.depth);
  });
});

describe('the mails of the campaign', () => {
  for (const { name, eml, urls } of campaign.mails) {
    test(name, async () => {
      const reading = await read(eml);
      assert.deepEqual([...new Set<string>(reading.urls.map(({ url }) => url))].sort(), [...urls].sort());
      assert.deepEqual(await readMail(eml), reading, 'the same every time');
    });
  }
});

const folder = join(
  process.env['ADIT_DATA'] ?? resolve(import.meta.dirname, '../../../../shared/data'),
  'mail/phishing',
);

test('real phishing mails', { skip: existsSync(folder) ? false : `no data at ${folder}` }, async (t) => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.eml'));
  let withUrls = 0;
  for (const file of files) {
    const reading = await read(readFileSync(join(folder, file)));
    assert.ok(reading.message.from !== undefined && reading.mentions.length > 0, file);
    assert.deepEqual(reading.limits, [], file);
    if (reading.urls.length > 0) withUrls++;
  }
  t.diagnostic(`${withUrls} of ${files.length} name a URL`);
  assert.ok(withUrls >= 0.9 * files.length);
});

test(
  'damaged mails give a result',
  { skip: existsSync(folder) ? false : `no data at ${folder}` },
  async () => {
    let state = 1;
    const random = (below: number): number =>
      (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) % below;
    const files = readdirSync(folder)
      .filter((name) => name.endsWith('.eml'))
      .slice(0, 60);
    for (const file of files) {
      const bytes = Buffer.from(readFileSync(join(folder, file)));
      for (let i = 0; i < 50; i++) bytes[random(bytes.length)] = random(256);
      const reading = await readMail(bytes.subarray(0, random(bytes.length)));
      assert.ok(['mail', 'notMail', 'tooComplex'].includes(reading.kind));
    }
  },
);
