import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { CAUSES, DATASETS, DATASET_IDS, OUTCOME_KINDS } from '#model';

const root = resolve(import.meta.dirname, '..');
const page = (name: string): string => readFileSync(join(root, name), 'utf8');

test('the data model names every dataset, label, detail field and cause', () => {
  const text = page('docs/data-model.md');
  const missing: string[] = [];
  const need = (word: string): void => {
    if (!text.includes(`\`${word}\``)) missing.push(word);
  };
  for (const id of DATASET_IDS) {
    need(id);
    const { labels, detail } = DATASETS[id];
    for (const label of labels ?? []) need(label);
    for (const field of Object.keys(detail.shape)) need(field);
  }
  for (const cause of CAUSES) need(cause);
  assert.deepEqual(missing, []);
});

test('every outcome of a visit is explained', () => {
  const text = page('docs/errors.md');
  assert.deepEqual(
    OUTCOME_KINDS.filter((kind) => !text.includes(`| \`${kind}\` |`)),
    [],
  );
});

test('README, ARCHITECTURE and the docs link only to what exists', () => {
  for (const name of [
    'README.md',
    'ARCHITECTURE.md',
    'bench/README.md',
    'docs/data-model.md',
    'docs/errors.md',
  ]) {
    for (const [, target] of page(name).matchAll(/\]\((?!https?:)([^)#]+)/g)) {
      assert.ok(existsSync(join(root, name, '..', target!)), `${name} links to ${target}`);
    }
  }
});
