import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { MAIN, openHome, processesIn, run, start, type Running } from './cli-fixture.ts';

const FAKE = 'xn--bitcingold-hcb.org';
const BRAND = 'bitcoingold.org';

interface CaptureJson {
  readonly url: string;
  readonly outcome: string;
  readonly bundle: string;
  readonly observations: readonly { readonly dataset: string; readonly number: number }[];
}

describe('captures in a folder', () => {
  const home = openHome();
  const out = join(home.path, 'captures');
  after(() => home[Symbol.dispose]());
  let bundle: string;

  test('a visit is kept as a bundle and said as JSON; nothing is stored', async () => {
    const args = ['capture', 'hxxps://bitcöingold[.]org/', '--testnet', 'campaign', '--no-interact'];
    const done = await run(home.environment, ...args, '--out', out, '--json');
    assert.equal(done.code, 0, done.stderr);
    const [capture] = done.json<{ captures: CaptureJson[] }>().captures;
    assert.equal(capture!.url, `https://${FAKE}/`);
    assert.equal(capture!.outcome, 'ok');
    bundle = capture!.bundle;
    assert.deepEqual(readdirSync(out).length, 1);
    assert.deepEqual(readdirSync(home.path), ['captures']);
  });

  test('the bundle opens again, down to the line behind a row', async () => {
    const shown = await run(home.environment, 'show', bundle, '--dataset', 'host-pairs', '--json');
    const { observations } = shown.json<{
      observations: { number: number; target: string; label: string }[];
    }>();
    const image = observations.find(({ target, label }) => target === BRAND && label === 'img.src');
    assert.ok(image !== undefined);
    const opened = await run(home.environment, 'show', bundle, '--evidence', String(image.number));
    assert.equal(opened.code, 0, opened.stderr);
    assert.match(opened.stdout, /<img src="https:\/\/bitcoingold\.org\/[^"]+"/);
    assert.equal((await run(home.environment, 'show', bundle, '--evidence', '99999')).code, 2);
  });

  test('a reader that goes away early is no fault', () => {
    const command = '"$0" "$1" show "$2" | head -n 1';
    const { stdout, stderr } = spawnSync('sh', ['-c', command, process.execPath, MAIN, bundle], {
      env: home.environment,
      encoding: 'utf8',
    });
    assert.equal(stdout, `https://${FAKE}/\n`);
    assert.equal(stderr, '');
  });

  test('a damaged bundle, and one that is not there, are said to be so', async () => {
    const damaged = join(home.path, 'damaged.wacz');
    writeFileSync(damaged, readFileSync(bundle).subarray(0, 5_000));
    for (const path of [damaged, join(home.path, 'nothing.wacz')]) {
      const shown = await run(home.environment, 'show', path);
      assert.equal(shown.code, 2);
      assert.match(shown.stderr, /^adit: /);
      assert.doesNotMatch(shown.stderr, /\n {4}at /);
    }
  });

  test('pages that cannot be visited are outcomes, kept like any other', async () => {
    const urls = ['https://no-such-host.example/', 'http://127.0.0.1:1/'];
    const args = ['capture', ...urls, '--testnet', 'campaign', '--lane', 'http', '--out', out, '--json'];
    const done = await run(home.environment, ...args);
    assert.equal(done.code, 3, done.stderr);
    const { captures } = done.json<{ captures: CaptureJson[] }>();
    assert.deepEqual(
      captures.map(({ outcome }) => outcome),
      ['dnsFailure', 'refused'],
    );
  });

  test('what is no address is refused with advice, before any browser starts', async () => {
    for (const [text, expected] of [
      ['gopher://example.org/', /scheme/],
      ['https://', /host name|web address/],
      ['https://exa mple.org/', /web address/],
      ['javascript:alert(1)', /Scripts cannot be visited/],
    ] as const) {
      const done = await run(home.environment, 'capture', text, '--out', out);
      assert.equal(done.code, 2, text);
      assert.match(done.stderr, expected);
      assert.equal(done.stdout, '');
    }
    assert.equal((await run(home.environment, 'capture')).code, 2);
    assert.equal((await run(home.environment, 'no-such-command')).code, 2);
  });

  test('Ctrl-C ends the visit under way, and keeps it', async () => {
    const folder = join(home.path, 'interrupted');
    const pages = ['https://good.example/', 'https://no-answer.hostile.example/'];
    const args = ['capture', ...pages, '--testnet', 'hostile', '--parallel', '1', '--out', folder];
    const visiting = start(home.environment, ...args);
    await visiting.says('good.example');
    await sleep(1_500);
    visiting.child.kill('SIGINT');
    const { code, stderr } = await visiting.ended;
    assert.equal(code, 130, stderr);
    const kept = readdirSync(folder).filter((name) => name.includes('no-answer'));
    assert.equal(kept.length, 1);
    const shown = await run(home.environment, 'show', join(folder, kept[0]!), '--json');
    const { capture } = shown.json<{ capture: { outcome: { kind: string } } }>();
    assert.equal(capture.outcome.kind, 'aborted');
  });
});

describe('mails', () => {
  const home = openHome();
  after(() => home[Symbol.dispose]());
  const file = (name: string, content: string | Uint8Array): string => {
    const path = join(home.path, name);
    writeFileSync(path, content);
    return path;
  };

  test('the URLs of a mail are listed, defanged and hidden ones too; its text cannot act on the terminal', async () => {
    const subject = Buffer.from('Wallet\u001b[2J \u202egpj.exe').toString('base64');
    const mail = file(
      'phish.eml',
      [
        'From: Team <team@example.org>',
        `Subject: =?utf-8?B?${subject}?=`,
        'MIME-Version: 1.0',
        'Content-Type: text/html; charset=utf-8',
        '',
        `<p>hxxps://bitcöingold[.]org/get and <a href="https://electr&uuml;m.org/">electrum.org</a></p>`,
      ].join('\r\n'),
    );
    const listed = await run(home.environment, 'import', mail);
    assert.equal(listed.code, 0, listed.stderr);
    assert.match(listed.stdout, /Wallet\\u\{1b\}\[2J \\u\{202e\}gpj\.exe/);
    // oxlint-disable-next-line no-control-regex
    assert.doesNotMatch(listed.stdout, /[\u0000-\u0009\u000b-\u001f\u202e]/);
    const again = await run(home.environment, 'import', mail, '--json');
    const { urls, kept } = again.json<{ urls: string[]; kept: number }>();
    assert.deepEqual(urls.toSorted(), [`https://${FAKE}/get`, 'https://xn--electrm-s2a.org/']);
    assert.equal(kept, 6); // two URLs, their hosts, the host that is shown for one, and that of the sender
    const shown = await run(home.environment, 'show', FAKE, '--dataset', 'mentions', '--json');
    const { rows } = shown.json<{ rows: { source: string; label: string; count: number }[] }>();
    assert.match(rows[0]!.source, /^sha256:[0-9a-f]{64}$/);
    // Imported twice, counted once.
    assert.deepEqual(
      rows.map(({ label, count }) => [label, count]),
      [['html.text', 1]],
    );
    const evidence = await run(home.environment, 'show', FAKE, '--dataset', 'mentions', '--evidence', '1');
    assert.match(evidence.stdout, /hxxps:\/\/bitcöingold\[\.\]org\/get and/);
    assert.match(evidence.stdout, /\nhtml of the mail with SHA-256 [0-9a-f]{64}\n/);
  });

  test('nothing is stored by a dry run', async () => {
    const mail = file('dry.eml', 'From: a@example.org\r\n\r\nhttps://only-in-the-dry-run.example/');
    assert.equal((await run(home.environment, 'import', mail, '--dry-run')).code, 0);
    const shown = await run(home.environment, 'show', 'only-in-the-dry-run.example');
    assert.match(shown.stdout, /never seen/);
  });

  test('what is no mail is said to be none', async () => {
    const noise = file(
      'noise.eml',
      Uint8Array.from({ length: 4_096 }, (_, index) => (index * 97) % 256),
    );
    const done = await run(home.environment, 'import', noise);
    assert.equal(done.code, 2);
    assert.match(done.stdout, /not a mail/);
    assert.equal((await run(home.environment, 'import', join(home.path, 'nowhere.eml'))).code, 2);
  });
});

describe('a server and the commands that use it', () => {
  const home = openHome();
  const adit = (...args: string[]) => run(home.environment, ...args);
  /** A command that must succeed, and what it says as JSON. */
  const ask = async <Value>(...args: string[]): Promise<Value> => {
    const done = await adit(...args, '--json');
    assert.equal(done.code, 0, `${args.join(' ')}: ${done.stderr}`);
    return done.json<Value>();
  };
  const serve = async (): Promise<Running & { url: string }> => {
    const server = start(home.environment, 'serve', '--port', '0', '--testnet', 'campaign', '--json');
    await server.says('}');
    const { server: found } = await ask<{ server: { url: string } }>('status');
    return { ...server, url: found.url };
  };
  const leading = `pivot ${BRAND} --dataset host-pairs --reverse --foreign-to ${BRAND} --all`.split(' ');
  const pivot = () => ask<{ edges: { source: string; label: string }[] }>(...leading);
  const project = () =>
    ask<{ artifacts: { value: string; status: string }[] }>('project', 'show', 'Fake wallets');
  let server: Awaited<ReturnType<typeof serve>>;
  let kept: { pivot: unknown; project: unknown };

  before(async () => {
    server = await serve();
  });
  after(async () => {
    server.child.kill('SIGKILL');
    await server.ended;
    home[Symbol.dispose]();
  });

  test('a capture goes through the server, and is in the stores when the command ends', async () => {
    const { captures } = await ask<{ captures: CaptureJson[] }>(
      'capture',
      `https://${FAKE}/`,
      '--no-interact',
    );
    assert.equal(captures[0]!.outcome, 'ok');
    assert.ok(captures[0]!.bundle.startsWith(home.environment['ADIT_HOME']!));
    const { edges } = await pivot();
    assert.ok(edges.length > 2);
    assert.deepEqual([...new Set(edges.map(({ source }) => source))], [FAKE]);
    const evidence = await adit(
      'pivot',
      BRAND,
      '-d',
      'host-pairs',
      '-r',
      '--label',
      'img.src',
      '--evidence',
      '1',
    );
    assert.match(evidence.stdout, /<img src="https:\/\/bitcoingold\.org/);
    const summary = await adit('show', BRAND);
    assert.match(summary.stdout, /host-pairs +reverse/);
    const { jobs, counts } = await ask<{ jobs: { id: number }[]; counts: { done: number } }>(
      'jobs',
      'list',
      '--state',
      'done',
    );
    assert.equal(counts.done, 1);
    assert.equal((await adit('jobs', 'retry', String(jobs[0]!.id))).code, 1);
  });

  test('what a mail names goes through it too', async () => {
    const mail = join(home.path, 'invoice.eml');
    const lines = [
      'Message-ID: <Invoice.1@Mail.Example>',
      'From: a@sender.example',
      '',
      `see https://${FAKE}/get`,
    ];
    writeFileSync(mail, lines.join('\r\n'));
    for (let times = 0; times < 2; times++)
      assert.equal((await ask<{ kept: number }>('import', mail)).kept, 3);
    const { rows } = await ask<{ rows: { target: string; label: string; count: number }[] }>(
      'show',
      'Invoice.1@mail.example',
      '--dataset',
      'mentions',
    );
    assert.deepEqual(rows.map(({ target, label, count }) => `${label} ${target} ${count}`).toSorted(), [
      'from sender.example 1',
      `text https://${FAKE}/get 1`,
      `text ${FAKE} 1`,
    ]);
    const reverse = await ask<{ edges: { source: string }[] }>('pivot', FAKE, '-d', 'mentions', '-r');
    assert.deepEqual(
      reverse.edges.map(({ source }) => source),
      ['invoice.1@mail.example'],
    );
  });

  test('a crawl goes through it too, with a persona of one’s own', async () => {
    const crawl = `crawl https://${BRAND}/ --pages 2 --lane http --delay 0 --user-agent Test/1`.split(' ');
    const { captures, events } = await ask<{ captures: CaptureJson[]; events: { kind: string }[] }>(...crawl);
    assert.equal(captures.length, 2);
    assert.ok(events.some(({ kind }) => kind === 'done'));
  });

  test('a project is kept, expanded and published', async () => {
    await ask('project', 'create', 'Fake wallets');
    await ask(
      'project',
      'add',
      'Fake wallets',
      'bitcöingold[.]org',
      '--status',
      'confirmed',
      '--reason',
      'mail',
    );
    await ask('project', 'add', 'Fake wallets', 'electrüm.org', 'example.net');
    await ask(
      'project',
      'set',
      'Fake wallets',
      'xn--electrm-s2a.org',
      '--status',
      'dismissed',
      '--tag',
      'seen',
    );
    await ask('project', 'remove', 'Fake wallets', 'example.net');
    // A part of a name is another name: nothing is changed by it, and nothing added.
    const other = await run(
      home.environment,
      'project',
      'set',
      'Fake wallets',
      'm-s2a.org',
      '--status',
      'confirmed',
      '--json',
    );
    assert.equal(other.code, 2);
    assert.match(other.stdout, /"unknown-artifact"/);
    assert.deepEqual(
      (await project()).artifacts.map(({ value, status }) => [value, status]),
      [
        [FAKE, 'confirmed'],
        ['xn--electrm-s2a.org', 'dismissed'],
      ],
    );
    const { history } = await ask<{ history: unknown[] }>('project', 'history', 'Fake wallets');
    assert.equal(history.length, 6);
    const expansion = await ask<{ suspects: unknown[] }>('expand', 'Fake wallets', '--owned', BRAND);
    assert.deepEqual(
      await ask('expand', '--confirmed', FAKE, '--dismissed', 'electrüm.org', '--owned', BRAND),
      expansion,
    );
    const file = join(home.path, 'out.stix.json');
    await ask('export', 'Fake wallets', '--format', 'stix', '--output', file);
    const { objects } = JSON.parse(readFileSync(file, 'utf8')) as {
      objects: { type: string; name?: string }[];
    };
    assert.ok(objects.some(({ type, name }) => type === 'indicator' && name === FAKE));
    const csv = await adit('export', 'Fake wallets', '--format', 'csv');
    assert.match(csv.stdout, /^"type","value"/);
    assert.equal((await adit('export', 'Nothing', '--format', 'csv')).code, 2);
  });

  test('keys open the API within their scopes, until they are revoked', async () => {
    const { key, secret } = await ask<{ key: { id: string }; secret: string }>(
      'key',
      'create',
      'reader',
      '--scope',
      'read',
    );
    const get = (path: string) =>
      fetch(`${server.url}/api${path}`, { headers: { authorization: `Bearer ${secret}` } });
    assert.deepEqual([(await get('/projects')).status, (await get('/keys')).status], [200, 403]);
    await ask('key', 'revoke', key.id);
    assert.equal((await get('/projects')).status, 401);
    const { keys } = await ask<{ keys: { isRevoked: boolean }[] }>('key', 'list');
    assert.deepEqual(
      keys.map(({ isRevoked }) => isRevoked),
      [true],
    );
  });

  test('a second server is refused, and so is what only the server can decide', async () => {
    const second = await adit('serve', '--port', '0');
    assert.equal(second.code, 1);
    assert.match(second.stderr, /runs already/);
    const other = await adit('capture', `https://${FAKE}/`, '--testnet', 'hard');
    assert.equal(other.code, 2);
    assert.match(other.stderr, /--testnet is for it to decide/);
  });

  test('killed with SIGKILL it leaves no process behind, and everything is there when it starts again', async () => {
    kept = { pivot: await pivot(), project: await project() };
    server.child.kill('SIGKILL');
    await server.ended;
    for (let waited = 0; processesIn(home.path).length > 0 && waited < 120_000; waited += 100)
      await sleep(100);
    assert.deepEqual(processesIn(home.path), []);
    server = await serve();
    assert.deepEqual({ pivot: await pivot(), project: await project() }, kept);
  });

  test('told to stop it ends well; without it the commands answer the same by themselves', async () => {
    server.child.kill('SIGTERM');
    const { code, stderr } = await server.ended;
    assert.equal(code, 0, stderr);
    assert.deepEqual(processesIn(home.path), []);
    assert.deepEqual({ pivot: await pivot(), project: await project() }, kept);
    const status = await ask<{ server?: unknown; stores: { observations: { captures: number } } }>('status');
    assert.equal(status.server, undefined);
    assert.equal(status.stores.observations.captures, 3);
  });
});
