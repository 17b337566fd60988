import assert from 'node:assert/strict';
import test from 'node:test';
import { CaptureFixture } from '../capture-fixture.ts';
import { openContext } from '../context.ts';
import { extractObservations, openEvidence } from '../index.ts';
import { scriptTargets } from './index.ts';

const FAKE = 'https://xn--bitcingold-hcb.org/';
const HTML = `<!doctype html>
<button id=win onclick="getWallet('win')">Download for Windows</button>
<script src="/wallet.js"></script>
<script>
  function getWallet(p) {
    track(p);
    window.location = 'https://files.test/go.php?p=' + p;
  }
</script>`;

function wallet(): CaptureFixture {
  const fixture = new CaptureFixture(FAKE);
  fixture.exchange({
    url: FAKE,
    body: HTML,
    resourceType: 'Document',
    isMainFrame: true,
    frame: 'main',
    documentUrl: FAKE,
  });
  fixture.document({ url: FAKE, exchange: 0 });
  fixture.exchange({
    url: `${FAKE}wallet.js`,
    body: `function track(p){\n  new Image().src='//stat.test/?p='+p }`,
    resourceType: 'Script',
    frame: 'main',
    documentUrl: FAKE,
  });
  return fixture;
}

test('onclick → function → redirect, each link with its line', () => {
  const targets = scriptTargets(openContext(wallet().reader()));
  const redirect = targets.find(({ url }) => url === 'https://files.test/go.php?p=win');
  assert.equal(redirect?.cause, 'click');
  assert.deepEqual(redirect.steps, [
    {
      what: 'handler',
      name: 'onclick',
      code: `getWallet('win')`,
      evidence: { exchange: 0, element: 'button', attribute: 'onclick', line: 2, column: 1 },
    },
    {
      what: 'function',
      name: 'getWallet',
      code: 'getWallet(p) {',
      evidence: { exchange: 0, script: 'inline', functionName: 'getWallet', line: 5, column: 12 },
    },
    {
      what: 'request',
      name: 'window.location',
      code: `window.location = 'https://files.test/go.php?p=' + p;`,
      evidence: { exchange: 0, script: 'inline', line: 7, column: 5 },
    },
  ]);
});

test('a function in a file is called from a function in the page', () => {
  const targets = scriptTargets(openContext(wallet().reader()));
  const image = targets.find(({ url }) => url === 'https://stat.test/?p=win');
  assert.deepEqual(
    image?.steps.map(({ what, name }) => [what, name]),
    [
      ['handler', 'onclick'],
      ['function', 'getWallet'],
      ['call', 'track'],
      ['function', 'track'],
      ['request', 'new Image().src'],
    ],
  );
  assert.deepEqual(image.steps.at(-1)!.evidence, {
    exchange: 1,
    script: `${FAKE}wallet.js`,
    line: 2,
    column: 3,
  });
});

test('host pairs that were read are not observed, and open their line', () => {
  const reader = wallet().reader();
  const { observations, limits } = extractObservations(reader);
  const pair = observations.find(
    ({ dataset, target }) => dataset === 'host-pairs' && target === 'files.test',
  );
  assert.equal(pair?.label, 'click');
  assert.equal(pair.detail['isObserved'], false);
  const opened = openEvidence(reader, pair);
  assert.equal(opened.kind, 'html');
  assert.equal(opened.text, `    window.location = 'https://files.test/go.php?p=' + p;`);
  assert.deepEqual(limits, []);
});

test('the same capture gives the same observations', () => {
  assert.deepEqual(extractObservations(wallet().reader()), extractObservations(wallet().reader()));
});

test('code beyond the limit is left out and said', () => {
  const { limits } = extractObservations(wallet().reader(), { scriptCharacters: 40 });
  assert.equal(limits[0]?.limit, 'scriptCharacters');
});
