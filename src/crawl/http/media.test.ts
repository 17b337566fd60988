import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeBody } from '#archive';
import { fileNameOf, presentationOf } from './media.ts';

const EXE = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(200)]);
const CASES: readonly (readonly [
  type: string | undefined,
  body: string | Uint8Array,
  presentation: string,
  disposition?: string,
])[] = [
  ['text/html; charset=utf-8', '<p>', 'html'],
  ['TEXT/HTML', '', 'html'],
  ['application/xhtml+xml', '<html/>', 'html'],
  ['application/json', '{}', 'shown'],
  ['image/png', '\x89PNG\r\n', 'shown'],
  ['text/plain', 'words', 'shown'],
  ['text/plain', EXE, 'download'],
  ['application/octet-stream', '<p>', 'download'],
  ['application/zip', 'PK', 'download'],
  ['application/pdf', '%PDF-1.4', 'download'],
  ['text/html', '<p>', 'download', 'attachment'],
  ['text/html', '<p>', 'html', 'inline'],
  [undefined, '<!doctype html><title>x</title>', 'html'],
  [undefined, EXE, 'download'],
  [undefined, '', 'html'],
  ['nonsense', '<html><body>', 'html'],
];
for (const [type, body, presentation, disposition] of CASES) {
  test(`${type ?? 'no type'}${disposition === undefined ? '' : `, ${disposition}`} with ${JSON.stringify(Buffer.from(body).toString('latin1').slice(0, 10))}: ${presentation}`, () => {
    const headers: [string, string][] = [];
    if (type !== undefined) headers.push(['Content-Type', type]);
    if (disposition !== undefined) headers.push(['content-disposition', disposition]);
    assert.equal(presentationOf(headers, describeBody(Buffer.from(body), headers)), presentation);
  });
}

const NAMES: readonly (readonly [disposition: string, url: string, name: string])[] = [
  ['attachment; filename="setup.exe"', 'http://a.example/x', 'setup.exe'],
  ['attachment; filename=setup.exe; size=3', 'http://a.example/x', 'setup.exe'],
  [
    'attachment; filename="x.exe"; filename*=UTF-8\'\'r%C3%A9sum%C3%A9.exe',
    'http://a.example/x',
    'résumé.exe',
  ],
  ['attachment; filename="x.exe"; filename*=UTF-8\'\'%FF', 'http://a.example/x', 'x.exe'],
  ['attachment; filename="a\\"b.txt"', 'http://a.example/x', 'a"b.txt'],
  ['attachment; filename="../../etc/passwd"', 'http://a.example/x', 'passwd'],
  ['attachment; filename="..\\\\..\\\\evil.lnk"', 'http://a.example/x', 'evil.lnk'],
  ['attachment; filename=".."', 'http://a.example/x', 'download'],
  ['attachment', 'http://a.example/files/caf%C3%A9.zip?x=1', 'café.zip'],
  ['attachment', 'http://a.example/', 'download'],
  ['attachment', 'http://a.example/%2e%2e%2fx', 'x'],
];
for (const [disposition, url, name] of NAMES) {
  test(`${disposition} at ${url} is saved as ${name}`, () => {
    assert.equal(fileNameOf([['Content-Disposition', disposition]], url), name);
  });
}
