import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Observation } from '#model';
import { codeOf } from './field-codes.ts';
import { addLatest, parseLatest } from './latest.ts';
import { TextColumn } from './native.ts';

const HOSTILE = [
  '',
  'a"b',
  'a\\b',
  'a\nb\u0000',
  '\ud800',
  'x\udfffy',
  'é漢😀',
  '\u2028',
  "'); DROP",
  'x'.repeat(20_000),
];

function written(observation: Observation, captureId?: string): string {
  const column = new TextColumn();
  addLatest(column, observation, captureId);
  return Buffer.from(column.bytesOfLast.subarray(column.startOfLast, column.endOfLast)).toString('utf8');
}

const base: Observation = {
  dataset: 'host-pairs',
  source: 'a.example',
  label: 'script.src',
  target: 'b.example',
  seenAt: '2017-11-17T03:27:29.123Z',
  detail: {},
  evidence: {},
};

const coded = (record: object): object =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [codeOf(name), value]));

test('what is written is the instant and JSON, byte for byte as JSON.stringify has it, under the fields’ codes', () => {
  for (const text of HOSTILE) {
    const detail = { url: text, [text]: 1, depth: 0, ratio: 0.25, isObserved: false, isOther: true };
    const archive = { file: text, offset: 1, length: 2 };
    const evidence = {
      exchange: 3,
      element: text,
      archive,
      line: undefined,
    } as unknown as Observation['evidence'];
    assert.equal(
      written({ ...base, detail, evidence }, text),
      `${base.seenAt} ${JSON.stringify({ c: text, d: coded(detail), e: coded(evidence) })}`,
    );
    assert.deepEqual(parseLatest(written({ ...base, detail, evidence }, text)), {
      captureId: text,
      detail,
      evidence: JSON.parse(JSON.stringify(evidence)) as object,
    });
  }
  assert.equal(written(base), `${base.seenAt} {"d":{},"e":{}}`);
});

test('no name of a field is taken for the code of another', () => {
  const detail = { u: 'a', url: 'b', '=u': 'c', '=url': 'd', '=': 'e', '==u': 'f', x: 1, '': 2 };
  assert.deepEqual(parseLatest(written({ ...base, detail })).detail, detail);
});

test('source, label and target are kept in full where their keys are cut', () => {
  const [source, label, target] = ['s', 'l', 't'].map((letter) => `"${letter.repeat(2_000)}`) as [
    string,
    string,
    string,
  ];
  const {
    source: readSource,
    label: readLabel,
    target: readTarget,
  } = parseLatest(written({ ...base, source, label, target }));
  assert.deepEqual([readSource, readLabel, readTarget], [source, label, target]);
});
