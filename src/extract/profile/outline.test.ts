import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CaptureFixture } from '../capture-fixture.ts';
import { outlineOf } from './outline.ts';

test('a page that is shown again under another address still tells where its controls lead', () => {
  const page = 'https://copy.example/index.html';
  const body = `<button onclick="return dl('setup.exe')">Download</button>
<script>function dl(name) { window.location = 'dl.php?f=' + name; return false; }</script>`;
  const capture = new CaptureFixture(page);
  const first = capture.exchange({ url: page, body });
  const again = capture.exchange({ url: page, body });
  capture.document({ url: page, exchange: first, isMainFrame: true });
  capture.document({ url: `${page}#download`, exchange: again, isMainFrame: true });
  capture.set({ finalUrl: `${page}#download` });
  const outline = outlineOf(capture.reader());
  assert.deepEqual(
    outline?.targets.map(({ handler, url }) => [handler, url]),
    [["return dl('setup.exe')", 'https://copy.example/dl.php?f=setup.exe']],
  );
});
