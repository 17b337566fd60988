import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import type { Body } from '#model';
import { CaptureFixture } from '../capture-fixture.ts';
import { openContext } from '../context.ts';
import { dispositionName, files, urlName } from './index.ts';

function body(text: string): Body {
  const hex = (algorithm: string): string => createHash(algorithm).update(text).digest('hex');
  const sizeBytes = Buffer.byteLength(text);
  return {
    sizeBytes,
    encodedSizeBytes: sizeBytes,
    sha256: hex('sha256'),
    sha1: hex('sha1'),
    md5: hex('md5'),
  };
}

describe('files of a capture', () => {
  const fixture = new CaptureFixture('https://wallet.example/');
  fixture.exchange({ url: 'https://wallet.example/', body: '<html></html>' });
  fixture.document({ url: 'https://wallet.example/', exchange: 0 });
  fixture.exchange({
    url: 'https://dl.example/get?id=1',
    headers: { 'content-type': 'application/octet-stream' },
    body: 'MZ program',
    isDownload: true,
  });
  fixture.exchange({
    url: 'https://cdn.example/a/app%20main.js?v=2',
    headers: { 'content-type': 'text/javascript; charset=utf-8' },
    body: 'alert(1)',
  });
  fixture.exchange({ url: 'https://cdn.example/missing.png', status: 404, body: 'no' });
  fixture.exchange({
    url: 'https://cdn.example/part.bin',
    status: 206,
    headers: { 'content-type': 'x/y' },
    body: 'pa',
  });
  fixture.exchange({ url: 'https://cdn.example/empty.png' });
  fixture.exchange({ url: 'https://frame.example/', body: '<html>frame</html>' });
  fixture.set({
    downloads: [
      {
        id: 0,
        url: 'https://dl.example/get?id=1',
        suggestedName: 'BitcoinGoldWallet.exe',
        state: 'completed',
        exchange: 1,
        file: { ...body('MZ program'), magic: 'application/x-dosexec' },
        step: 3,
      },
      {
        id: 1,
        url: 'blob:https://wallet.example/3f2504e0',
        suggestedName: 'w.zip',
        state: 'completed',
        file: body('zip'),
      },
      { id: 2, url: 'https://dl.example/big', suggestedName: 'big', state: 'limit', file: body('cut') },
      {
        id: 3,
        url: 'https://dl.example/cut',
        suggestedName: 'cut',
        state: 'completed',
        file: { ...body('cut'), truncated: 'length' },
      },
    ],
  });
  const found = files(openContext(fixture.reader()));

  it('are whole downloads and answers that are no page', () => {
    assert.deepEqual(
      found.map(({ source, label, detail }) => [source, label, detail['name']]),
      [
        ['dl.example', 'download', 'BitcoinGoldWallet.exe'],
        ['wallet.example', 'blob', 'w.zip'],
        ['cdn.example', 'response', 'app main.js'],
      ],
    );
  });

  it('carry digests, types and evidence', () => {
    const [download, , script] = found;
    assert.equal(download!.target, body('MZ program').sha256);
    assert.deepEqual(download!.detail, {
      url: 'https://dl.example/get?id=1',
      name: 'BitcoinGoldWallet.exe',
      sizeBytes: 10,
      mediaType: 'application/octet-stream',
      magic: 'application/x-dosexec',
      sha1: body('MZ program').sha1,
      md5: body('MZ program').md5,
    });
    assert.deepEqual(download!.evidence, { exchange: 1, step: 3 });
    assert.equal(script!.detail['mediaType'], 'text/javascript');
    assert.deepEqual(script!.evidence, { exchange: 2 });
  });
});

describe('file names', () => {
  it('of Content-Disposition', () => {
    assert.equal(dispositionName('attachment; filename="a b.exe"'), 'a b.exe');
    assert.equal(dispositionName('attachment; filename=plain.zip; size=1'), 'plain.zip');
    assert.equal(
      dispositionName(`attachment; filename="x.exe"; filename*=UTF-8''r%C3%A9sum%C3%A9.pdf`),
      'résumé.pdf',
    );
    assert.equal(dispositionName('attachment; filename="..\\\\..\\\\evil.dll"'), 'evil.dll');
    assert.equal(dispositionName('attachment; filename="../../etc/passwd"'), 'passwd');
    assert.equal(dispositionName(`attachment; filename*=UTF-8''%FF%FE`), '%FF%FE');
    assert.equal(dispositionName('inline'), undefined);
    assert.equal(dispositionName(undefined), undefined);
  });

  it('of URLs', () => {
    assert.equal(urlName('https://a.example/x/y%20z.exe?q=/w'), 'y z.exe');
    assert.equal(urlName('https://a.example/x%2Fy.exe'), 'y.exe');
    assert.equal(urlName('https://a.example/'), undefined);
    assert.equal(urlName('nothing'), undefined);
  });
});
