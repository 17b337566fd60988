import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { profileOf, readerOfPage } from '#extract';
import { nothingListed, toBrand, type Capture, type Sha256 } from '#model';
import { signPage } from '#similar';
import type { KeptCapture } from './keep-capture.ts';
import { openWorkbench, type Workbench } from './workbench.ts';

let directory: string;
let workbench: Workbench;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'adit-pages-'));
  workbench = await openWorkbench({ directory });
});
after(async () => {
  await workbench[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

const words = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, at) => `w${((from + at) * 7919).toString(36)}xyz`).join(' ');
const genuine = `<html><head><title>Wallet</title><link rel="stylesheet" href="/main.css"><script src="/app.js"></script></head>
<body><div class="hero"><h1>Wallet</h1><p>${words(0, 120)}</p></div><ul>${'<li><a href="/x">item</a></li>'.repeat(12)}</ul><p>${words(120, 160)}</p></body></html>`;
const copied = genuine
  .replaceAll('="/', '="https://brand.example/')
  .replace(
    '<head>',
    `<!-- Mirrored from brand.example/ by HTTrack Website Copier/3.x [XR&CO'2014], Fri, 10 Nov 2017 14:47:19 GMT --><head>`,
  )
  .replace('<h1>', '<a onclick="get()">Download</a><h1>');

let number = 0;

/** As if the page had been visited then. */
function kept(url: string, html: string, startedAt: string): KeptCapture {
  const reader = readerOfPage(Buffer.from(html), { url });
  const id = `00000000-0000-7000-8000-${String(++number).padStart(12, '0')}`;
  const capture: Capture = { ...reader.capture, ...nothingListed(), id, startedAt };
  return {
    bundle: '/nowhere',
    sha256: 'ab'.repeat(32) as Sha256, // a test's
    sizeBytes: 0,
    capture,
    observations: [],
    page: signPage(profileOf(reader)!),
    extractionLimits: [],
  };
}

const copies = async (value: string) =>
  (await workbench.store.edges({ dataset: 'copies', direction: 'forward', value, withSubdomains: false }))
    .edges;

test('a brand that is protected later finds the copies of its page, dated, with the version that was copied', async () => {
  await workbench.take(
    kept(
      'https://brand.example/',
      genuine.replace('Wallet</h1>', 'Old wallet</h1>'),
      '2017-11-01T00:00:00.000Z',
    ),
  );
  const copiedFrom = kept('https://brand.example/', genuine, '2017-11-08T00:00:00.000Z');
  await workbench.take(copiedFrom);
  await workbench.take(
    kept('https://brand.example/', genuine.replace('item', 'thing'), '2017-11-20T00:00:00.000Z'),
  );
  await workbench.take(kept('https://brand.example.net/', copied, '2017-11-21T00:00:00.000Z'));
  await workbench.take(
    kept('https://news.example.com/', `<p>${words(900, 1_100)}</p>`, '2017-11-21T00:00:00.000Z'),
  );
  const draft = toBrand({ domains: ['brand.example'] });
  await workbench.workspace.brands.change(draft.id, () => draft);
  const found = await workbench.huntCopies([draft.id]);
  assert.deepEqual(
    found.map(({ page, original, copiedAt, verdict }) => [
      page.url,
      original.captureId,
      copiedAt,
      verdict.level,
    ]),
    [['https://brand.example.net/', copiedFrom.capture.id, '2017-11-10T14:47:19Z', 'HIGH']],
  );
  const [edge, ...others] = await copies('brand.example.net');
  assert.equal(edge?.target, 'brand.example');
  assert.match(String(edge.detail['kinds']), /text.*hotlinks|hotlinks.*text/);
  assert.deepEqual(others, []);
  assert.deepEqual(await copies('news.example.com'), []);
});

test('looking again adds nothing', async () => {
  await workbench.huntCopies();
  assert.equal((await copies('brand.example.net'))[0]?.count, 1);
});

test('a page that comes in later is found at once', async () => {
  await workbench.take(kept('https://late.example.org/', copied, '2017-12-01T00:00:00.000Z'));
  const [edge] = await copies('late.example.org');
  assert.equal(edge?.target, 'brand.example');
  await workbench.take(kept('https://www.brand.example/', copied, '2017-12-01T00:00:00.000Z'));
  assert.deepEqual(await copies('www.brand.example'), []);
});

/** An archive with one page, imported to its end. */
async function importPage(name: string, url: string, html: string): Promise<void> {
  const block = `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n${html}`;
  const file = join(directory, name);
  await writeFile(
    file,
    gzipSync(
      `WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: ${url}\r\nWARC-Date: 2018-01-01T00:00:00Z\r\n` +
        `Content-Type: application/http; msgtype=response\r\nContent-Length: ${Buffer.byteLength(block)}\r\n\r\n${block}\r\n\r\n`,
    ),
  );
  const id = await workbench.imports.start({ paths: [file], workers: 1 });
  for (let left = 6_000; left > 0; left--) {
    const { state } = (await workbench.workspace.imports.get(id))!;
    if (state === 'done') return;
    assert.notEqual(state, 'failed');
    await sleep(50);
  }
  assert.fail('the import does not end');
}

test('pages of archives are found: at once where the brand is protected, else when it is', async () => {
  await importPage('copy.warc.gz', 'https://archived.example.org/', copied);
  const [edge] = await copies('archived.example.org');
  // The last version before it was copied is another's host name.
  assert.match(edge!.target, /^(?:www\.)?brand\.example$/);
  assert.equal(edge!.detail['copiedAt'], '2017-11-10T14:47:19Z');
  const other = genuine.replaceAll(/w\w+xyz/g, (word) => `${word.slice(1, 5)}abc${word.slice(5, 7)}`);
  await importPage('second-copy.warc.gz', 'https://copy-of-second.example.net/', other);
  await importPage('second.warc.gz', 'https://second.example/', other);
  assert.deepEqual(await copies('copy-of-second.example.net'), []);
  const draft = toBrand({ domains: ['second.example'] });
  await workbench.workspace.brands.change(draft.id, () => draft);
  await workbench.huntCopies([draft.id]);
  assert.equal((await copies('copy-of-second.example.net'))[0]?.target, 'second.example');
});
