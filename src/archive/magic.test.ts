import assert from 'node:assert/strict';
import { test } from 'node:test';
import { magicType } from './magic.ts';

const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1');

/** A ZIP's first local header with the given name, and more names behind it. */
const zip = (...names: string[]): string =>
  names
    .map((name) => `PK\x03\x04${'\0'.repeat(22)}${String.fromCharCode(name.length)}\0\0\0${name}`)
    .join('data');

const EXAMPLES: readonly (readonly [string, string | undefined])[] = [
  ['MZ\x90\0\x03\0', 'application/x-dosexec'],
  ['\x7fELF\x02\x01', 'application/x-executable'],
  ['\xcf\xfa\xed\xfe\x07\0\0\x01', 'application/x-mach-binary'],
  ['\xca\xfe\xba\xbe\0\0\0\x02', 'application/x-mach-binary'],
  ['\xca\xfe\xba\xbe\0\0\0\x34', 'application/java-vm'],
  [zip('a.txt'), 'application/zip'],
  [
    zip('[Content_Types].xml', 'word/document.xml'),
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  ],
  [
    zip('[Content_Types].xml', 'xl/workbook.xml'),
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  ],
  [zip('META-INF/MANIFEST.MF', 'a.class'), 'application/java-archive'],
  [zip('AndroidManifest.xml', 'META-INF/MANIFEST.MF'), 'application/vnd.android.package-archive'],
  [`${zip('mimetype')}application/vnd.oasis.opendocument.textPK`, 'application/vnd.oasis.opendocument.text'],
  ['%PDF-1.7', 'application/pdf'],
  ['\x89PNG\r\n\x1a\n', 'image/png'],
  ['\xff\xd8\xff\xe0', 'image/jpeg'],
  ['GIF89a', 'image/gif'],
  ['RIFF\x10\0\0\0WEBPVP8 ', 'image/webp'],
  ['\0\0\0\x20ftypavif', 'image/avif'],
  ['\0\0\0\x20ftypisom', 'video/mp4'],
  ['\0\0\x01\0\x01\0', 'image/x-icon'],
  ['\x1f\x8b\x08\0', 'application/gzip'],
  ['7z\xbc\xaf\x27\x1c', 'application/x-7z-compressed'],
  ['Rar!\x1a\x07\x01\0', 'application/vnd.rar'],
  ['\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'application/x-ole-storage'],
  ['ITSF\x03\0\0\0', 'application/vnd.ms-htmlhelp'],
  ['wOF2', 'font/woff2'],
  ['\0asm\x01\0\0\0', 'application/wasm'],
  ['#!/bin/sh\n', 'text/x-shellscript'],
  ['\n <!DOCTYPE html><html>', 'text/html'],
  ['<!-- saved --> <HTML>', 'text/html'],
  ['\xef\xbb\xbf<html>', 'text/html'],
  ['<?xml version="1.0"?><svg xmlns="x">', 'image/svg+xml'],
  ['<?xml version="1.0"?><rss>', 'text/xml'],
  ['{"a": [1', 'application/json'],
  ['[1, 2', 'application/json'],
  ['{color: red}', 'text/plain'],
  ['function a() {}', 'text/plain'],
  ['\xff\xfe<\0h\0t\0m\0l\0>\0', 'text/html'],
  ['\x01\x02\x03\x04', undefined],
  ['', undefined],
  ['PK', 'text/plain'],
];

for (const [head, type] of EXAMPLES) {
  test(`${JSON.stringify(head.slice(0, 24))} is ${type}`, () => {
    assert.equal(magicType(latin1(head)), type);
  });
}
