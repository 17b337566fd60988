import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { readBrands } from './brand-file.ts';
import { NameReader } from './name-list.ts';

const MAIN = resolve(import.meta.dirname, 'main.ts');
const folder = mkdtempSync(join(tmpdir(), 'adit-match-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const fileOf = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const brands = fileOf('brands.txt', 'paypal.com paypal.me\nelectrum.org # the wallet\n');

async function adit(
  args: readonly string[],
  input = '',
): Promise<{ code: number | null; lines: string[]; said: string }> {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: 'pipe' });
  const texts = { out: '', said: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (texts.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (texts.said += text));
  child.stdin.end(input);
  const [code] = (await once(child, 'close')) as [number | null]; // the event's arguments
  return { code, lines: texts.out.trimEnd().split('\n'), said: texts.said };
}

function namesIn(text: string, column?: string): string[] {
  const reader = new NameReader(column);
  const names: string[] = [];
  for (const line of text.split('\n')) reader.read(line, (name) => names.push(name));
  return names;
}

test('lists are read as they come: names, CSV, JSON, certificate log entries, zones, URLs', () => {
  assert.deepEqual(namesIn('a.com\n\n# no\nраураl.com\n[2001:db8::1]'), [
    'a.com',
    'раураl.com',
    '[2001:db8::1]',
  ]);
  assert.deepEqual(namesIn('rank,domain\n1,a.com\n2,b.com'), ['a.com', 'b.com']);
  assert.deepEqual(namesIn('1,a.com\n2,"b.com"'), ['a.com', 'b.com']);
  assert.deepEqual(namesIn('x\ty\nq\ta.com', 'y'), ['a.com']);
  assert.deepEqual(namesIn('domain\na.com'), ['a.com']);
  assert.deepEqual(namesIn('\ufeffnote,domain\r\n"x, ""y""",a.com\r\nz\r\n"q",b.com\r\n', 'domain'), [
    'a.com',
    'b.com',
  ]);
  assert.deepEqual(namesIn('# a note\n"domain"\n"a.com"'), ['a.com']);
  assert.throws(() => namesIn('rank,host\n1,a.com', 'domain'), { code: 'no-column' });
  assert.deepEqual(namesIn('{"host":"a.com"}\n{"url":"https://u@b.com:8/x"}'), ['a.com', 'b.com']);
  assert.deepEqual(
    namesIn('{"type":"cert","data":{"leaf_cert":{"all_domains":["*.a.com","b.com"],"subject":{"C":"x"}}}}'),
    ['*.a.com', 'b.com'],
  );
  assert.deepEqual(namesIn('$ORIGIN com.\na.com.\t3600\tin\tns\tns1.b.com.\nb.com. 3600 in ns c.'), [
    'a.com.',
    'b.com.',
  ]);
  // Registries write names without their suffix, and none at all where it is the one before.
  assert.deepEqual(
    namesIn(
      '$ORIGIN org.\n@ IN SOA a.root. b.root. (\n 1 ; serial\n 2 )\nPAYPA1 NS ns1.x.com.\n\tNS ns2.x.com.\nxn--a\t86400\tin\tns\ta.b.\n$ORIGIN co\nwww A 192.0.2.1\na.com\n{"host":"b.com"}',
    ),
    ['org', 'PAYPA1.org', 'xn--a.org', 'www.co.org', 'a.com', 'b.com'],
  );
  assert.deepEqual(
    namesIn(
      [
        'Nov 27 21:00:00 dnsmasq[123]: query[AAAA] a.com from 192.168.1.2',
        '27-Nov-2026 21:00:00.000 queries: info: client @0x7f 10.0.0.1#53 (b.com): query: b.com IN A +E(0)K (10.0.0.2)',
        '[1511803672] unbound[1:0] info: 10.0.0.1 c.com. A IN',
      ].join('\n'),
    ),
    ['a.com', 'b.com', 'c.com'],
  );
  assert.deepEqual(
    namesIn('[{"common_name":"a.com","name_value":"a.com\\n*.b.com"},{"common_name":"c.com"}]'),
    ['a.com', '*.b.com', 'c.com'],
  );
  assert.deepEqual(namesIn('{not json\nhttps://a.com/x'), ['{not', 'a.com']);
});

test('lists in UTF-16 are read as what they are', async () => {
  const list = Buffer.from('\ufeffpaypa1-login.com\r\nexample.com\r\n', 'utf16le');
  for (const bytes of [list, Buffer.from(list).swap16()]) {
    const path = join(folder, 'utf16.txt');
    writeFileSync(path, bytes);
    const { lines } = await adit(['match', path, '--brands', brands, '--json']);
    assert.equal(JSON.parse(lines[0]).host, 'paypa1-login.com');
  }
});

test('brands are read from text, JSON and JSON a line', async () => {
  assert.deepEqual(await readBrands(brands), [
    { domains: ['paypal.com'], owned: ['paypal.me'] },
    { domains: ['electrum.org'], owned: [] },
  ]);
  const entry = '{"domain":"a.com","names":["A"],"owned":["a.net"]}';
  for (const text of [`[${entry}]`, `{"brands":[${entry}]}`, entry, `${entry}\n${entry}`]) {
    const [brand] = await readBrands(fileOf('brands.json', text));
    assert.deepEqual(brand.domains, ['a.com'], text);
    assert.deepEqual(brand.names, ['A']);
  }
  for (const text of ['', '[1]', '{"brands":[{}', '[{"domains":"a"}]'])
    await assert.rejects(readBrands(fileOf('bad.json', text)), { code: 'bad-brands' });
});

test('adit match prints a JSON line for each name that imitates, and with --all for every name', async () => {
  const input = 'xn--electrm-s2a.org\nexample.com\n192.0.2.7\npaypal.me\npaypa1-login.com\n';
  const hits = await adit(['match', '-', '--brands', brands, '--json'], input);
  assert.equal(hits.code, 0, hits.said);
  const records = hits.lines.map((line) => JSON.parse(line));
  assert.deepEqual(
    records.map(({ host, brand, level }) => [host, brand, level]),
    [
      ['xn--electrm-s2a.org', 'electrum.org', 'HIGH'],
      ['paypa1-login.com', 'paypal.com', 'HIGH'],
    ],
  );
  assert.equal(records[0].display, 'electrüm.org');
  assert.deepEqual(records[0].techniques, ['idn-diacritic']);
  assert.equal(records[0].letters[0].codePoint, 'U+00FC');
  const all = await adit(['match', '-', '--brands', brands, '--json', '--all'], input);
  assert.deepEqual(
    all.lines.map((line) => JSON.parse(line).level),
    ['HIGH', 'NONE', 'INVALID', 'NONE', 'HIGH'],
  );
  const text = await adit(['match', '-', '--brands', brands, '--level', 'HIGH'], input);
  assert.match(text.lines[0], /^HIGH .*electrüm\.org.* → electrum\.org {2}idn-diacritic: .*U\+00FC/);
});

test('adit lookalikes lists names, and a reader that goes away ends it', async () => {
  const listed = await adit(['lookalikes', 'https://electrum.org/download', '--json', '--limit', '400']);
  assert.equal(listed.code, 0, listed.said);
  assert.equal(listed.lines.length, 400);
  assert.ok(
    listed.lines.some((line) => JSON.parse(line).display === 'electrüm.org'),
    listed.lines.join('\n'),
  );
  const child = spawn(process.execPath, [MAIN, 'lookalikes', 'myetherwallet.com'], { stdio: 'pipe' });
  await once(child.stdout, 'data');
  child.stdout.destroy();
  const [code] = await once(child, 'close');
  assert.equal(code, 0);
});

test('wrong input ends with status 2 and says what is wrong', async () => {
  for (const args of [
    ['match', '-', '--brands', join(folder, 'nothing.txt')],
    ['match', join(folder, 'nothing.txt'), '--brands', brands],
    ['match', '-'],
    ['lookalikes', 'co.uk'],
  ]) {
    const { code, said } = await adit(args);
    assert.equal(code, 2, `${args.join(' ')}: ${said}`);
    assert.notEqual(said, '');
  }
  for (const [args, code] of [
    [['match', join(folder, 'nothing.txt'), '--brands', brands, '--json'], 'missing-file'],
    [['match', brands, '--brands', brands, '--column', 'x', '--json'], 'no-column'],
    [['match', '--json', '--nothing'], 'bad-usage'],
    [['compare', join(folder, 'nothing.html'), folder, '--json'], 'missing-file'],
    [['nothing', '--json'], 'bad-usage'],
  ] as const) {
    const { code: status, lines, said } = await adit(args);
    assert.equal(status, 2, said);
    assert.equal(lines.length, 1);
    assert.equal(JSON.parse(lines[0]!).error.code, code);
    assert.notEqual(said, '', 'people read it on standard error all the same');
  }
});

test('Ctrl-C ends a stream with status 130 after what was matched', async () => {
  const child = spawn(process.execPath, [MAIN, 'match', '-', '--brands', brands, '--json'], {
    stdio: 'pipe',
  });
  child.stdin.write('paypa1.com\n');
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer]; // the event's argument
  assert.equal(JSON.parse(chunk.toString()).brand, 'paypal.com');
  child.kill('SIGINT');
  const [code] = await once(child, 'close');
  assert.equal(code, 130);
});
