import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CaptureFixture } from './capture-fixture.ts';
import { linksOf } from './links.ts';

test('links, frames and refreshes are what a visitor could go on to; resources are not', () => {
  const fixture = new CaptureFixture('https://example.org/');
  const exchange = fixture.exchange({
    url: 'https://example.org/',
    isMainFrame: true,
    body: `<base href="/docs/"><meta http-equiv="refresh" content="9; url=/moved"><a href="one#part">1</a><a href="one">again</a>
      <a href="mailto:x@example.org">m</a><iframe src="//frames.example/f"></iframe><img src="/i.png"><script src="/s.js"></script>`,
  });
  fixture.document({ url: 'https://example.org/', exchange });
  assert.deepEqual(linksOf(fixture.reader()), [
    'https://example.org/moved',
    'https://example.org/docs/one',
    'https://frames.example/f',
  ]);
});
