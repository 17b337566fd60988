import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Observation, PathStep } from '#model';
import { artifactForReading, detailText, numbered, pathForReading } from './report.ts';

const seen = (dataset: Observation['dataset'], source: string): Observation => ({
  dataset,
  source,
  label: 'a',
  target: 'b',
  seenAt: '2017-11-10T00:00:00.000Z',
  detail: {},
  evidence: {},
});

test('rows are numbered through all datasets, in the order of the registry', () => {
  const rows = numbered([seen('trackers', 'x'), seen('host-pairs', 'y'), seen('trackers', 'z')]);
  assert.deepEqual(
    rows.map(({ number, observation }) => [number, observation.source]),
    [
      [1, 'y'],
      [2, 'x'],
      [3, 'z'],
    ],
  );
});

test('only hosts get a second form: a number that stands for something else is no address', () => {
  assert.equal(
    artifactForReading({ type: 'domain', value: 'xn--electrm-s2a.org' }),
    'xn--electrm-s2a.org (electrüm.org)',
  );
  assert.equal(artifactForReading({ type: 'tracker', value: '46718293' }), '46718293');
});

test('a path shows which way each observation points', () => {
  const [fake, id, other]: PathStep['from'][] = [
    { type: 'domain', value: 'a.example' },
    { type: 'tracker', value: 'UA-1' },
    { type: 'domain', value: 'b.example' },
  ];
  const path: PathStep[] = [
    { from: fake!, dataset: 'trackers', label: 'x', direction: 'forward', to: id! },
    { from: id!, dataset: 'trackers', label: 'x', direction: 'reverse', to: other! },
  ];
  assert.equal(pathForReading(path), 'a.example → UA-1 ← b.example');
  assert.equal(pathForReading(path, true), 'a.example → UA-1 ← it');
  assert.equal(pathForReading([]), '');
  const hash = { type: 'hash', value: 'ab'.repeat(32) } as const;
  assert.equal(
    pathForReading([{ from: fake!, dataset: 'files', label: 'download', direction: 'forward', to: hash }]),
    'a.example → abababababababab…',
  );
});

test('details leave out what is empty or false', () => {
  assert.equal(
    detailText('cookies', { secure: false, httpOnly: true, path: '/', sameSite: '' }),
    'httpOnly path=/',
  );
  assert.equal(detailText('host-pairs', { isObserved: false, url: 'https://x.example/' }), 'not observed');
});
