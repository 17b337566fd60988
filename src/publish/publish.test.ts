import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { toCsv, toJson, toMarkdown, toStix, type Publication, type PublishedArtifact } from './index.ts';

const at = new Date('2017-12-20T10:00:00.000Z');
const schemas = join(
  process.env['ADIT_DATA'] ?? resolve(import.meta.dirname, '../../../shared/data'),
  'stix',
  'schemas',
);

function artifact(
  type: PublishedArtifact['type'],
  value: string,
  fields: Partial<PublishedArtifact> = {},
): PublishedArtifact {
  return {
    type,
    value,
    status: 'confirmed',
    reason: '',
    path: [],
    tags: [],
    notes: '',
    addedAt: at,
    updatedAt: at,
    ...fields,
  };
}

const HOSTILE = [
  '=HYPERLINK("http://evil.example")',
  '+1',
  '-1',
  '@SUM(A1)',
  '\t=1',
  '|cmd',
  "'; DROP",
  '<script>alert(1)</script>',
  '[x](http://evil.example)',
  '`code`',
  'a\u0000b',
  'line\nbreak',
  '\u202egro',
  '\u200b=1',
  '\u0085@A1',
  '\u3000＝1+1',
  '−2+3',
  '＋1',
  'a\\|<b>`c`',
  '\\\\|[x](x)',
];

const publication: Publication = {
  project: {
    id: '7f8de7a4-6c7c-4b6c-9a1d-0f6f4a4b8c11',
    name: 'Wallet *lures*',
    description: 'See https://evil.example/x',
    owner: '00000000-0000-4000-8000-000000000001',
    ownerName: 'local',
    visibility: 'private',
    tags: ['lures|2017'],
    notes: '# Seen\r\n![pixel](https://evil.example/p.png) <https://evil.example/>\n- www.evil.example',
    createdAt: at,
    updatedAt: at,
  },
  publishedAt: at,
  artifacts: [
    artifact('domain', 'xn--bitcingold-hcb.org', {
      reason: 'named in a mail',
      firstSeen: '2017-11-10T00:00:00.000Z',
      lastSeen: '2017-11-17T00:00:00.000Z',
      tags: ['phish'],
      path: [
        {
          from: { type: 'domain', value: 'bitcoingold.org' },
          dataset: 'host-pairs',
          label: 'script.src',
          direction: 'reverse',
          to: { type: 'domain', value: 'xn--bitcingold-hcb.org' },
          shared: 3,
        },
      ],
    }),
    artifact('ip', '203.0.113.7'),
    artifact('ip', '2001:db8::1'),
    artifact('url', "https://evil.example/it's?a=\\b"),
    artifact('mail', 'tech@evil.example'),
    artifact('hash', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'),
    artifact('hash', '900150983cd24fb0d6963f7d28e17f72'),
    artifact('tracker', 'UA-1-1'),
    artifact('domain', 'maybe.example', { status: 'suspected' }),
    artifact('domain', 'innocent.example', { status: 'dismissed' }),
    ...HOSTILE.map((text) => artifact('text', text, { reason: text, notes: text })),
  ],
};

test(
  'STIX bundles are valid against the OASIS schemas',
  { skip: !existsSync(schemas) && `no STIX schemas at ${schemas}: set ADIT_DATA` },
  () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false, unicodeRegExp: false });
    for (const name of globSync('**/*.json', { cwd: schemas }))
      ajv.addSchema(JSON.parse(readFileSync(join(schemas, name), 'utf8')), name);
    const objects = (bundle: object) => (bundle as { objects: { type: string }[] }).objects;
    const schemaOf = (type: string) => (type === 'bundle' ? 'common/bundle.json' : `sdos/${type}.json`);
    for (const statuses of [undefined, ['confirmed', 'suspected', 'dismissed'] as const]) {
      const bundle = toStix({ ...publication, statuses });
      for (const object of [bundle as { type: string }, ...objects(bundle)]) {
        const validate = ajv.getSchema(schemaOf(object.type));
        assert.ok(validate !== undefined, object.type);
        assert.ok(validate(object), `${object.type}: ${JSON.stringify(validate.errors)}`);
      }
    }
    assert.equal(
      ajv.getSchema('sdos/indicator.json')!({ type: 'indicator' }),
      false,
      'the schemas refuse what is wrong',
    );
  },
);

test('STIX patterns name the artifact, and its text cannot leave the quotes', () => {
  const { objects } = toStix(publication) as { objects: { type: string; pattern?: string; id: string }[] };
  const patterns = objects.flatMap(({ pattern }) => pattern ?? []);
  assert.deepEqual(patterns, [
    "[domain-name:value = 'xn--bitcingold-hcb.org']",
    "[ipv4-addr:value = '203.0.113.7']",
    "[ipv6-addr:value = '2001:db8::1']",
    "[url:value = 'https://evil.example/it\\'s?a=\\\\b']",
    "[email-addr:value = 'tech@evil.example']",
    "[file:hashes.'SHA-256' = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad']",
    "[file:hashes.'MD5' = '900150983cd24fb0d6963f7d28e17f72']",
  ]);
  const all = toStix({ ...publication, statuses: ['confirmed', 'suspected', 'dismissed'] });
  const { description } = (all as { objects: { type: string; description: string }[] }).objects[1]!;
  assert.match(description, /\n\nLeft out: \d+ of kinds that STIX patterns cannot name \(tracker, text\)\.$/);
  assert.deepEqual(toStix(publication), toStix(publication), 'publishing again gives the same identifiers');
  assert.equal(new Set(objects.map(({ id }) => id)).size, objects.length);
});

/** RFC 4180 as a reader sees it. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const match of text.matchAll(/"((?:[^"]|"")*)"(,|\r\n)/g)) {
    rows.at(-1)!.push(match[1]!.replaceAll('""', '"'));
    if (match[2] === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

test('CSV opens in a spreadsheet without running anything, and says what was left out', () => {
  const [header, ...rows] = parseCsv(toCsv(publication));
  assert.equal(rows.length, 8 + HOSTILE.length + 1);
  for (const row of [header!, ...rows]) {
    assert.equal(row.length, header!.length);
    for (const cell of row)
      assert.doesNotMatch(cell, /^[\s\u0000-\u001f\u0080-\u009f\u200b\u202e]*[=+\-@|%＝＋−]/, cell);
  }
  assert.deepEqual(rows[0]!.slice(0, 5), [
    'domain',
    'xn--bitcingold-hcb.org',
    'xn--bitcingold-hcb[.]org',
    'bitcöingold.org',
    'confirmed',
  ]);
  assert.match(
    rows.at(-1)![1]!,
    /^Left out: 1 suspected, 1 dismissed, the project’s own description, notes and tags\.$/,
  );
});

/** Cells of a row as GitHub's Markdown parts them: what follows a backslash never parts, in code spans neither. */
const cellsOf = (line: string): number => line.replace(/\\[^]/g, '').split('|').length - 2;

test('Markdown is defanged and inert', () => {
  const text = toMarkdown({ ...publication, statuses: ['confirmed', 'suspected'] });
  assert.match(text, /`xn--bitcingold-hcb\[\.\]org` \(`bitcöingold\[\.\]org`\)/);
  assert.match(text, /Left out: 1 dismissed\./);
  assert.match(text, /## Suspected \(1\)/);
  assert.doesNotMatch(text, /https?:\/\//, 'no live address');
  assert.doesNotMatch(text.replace(/`[^`]*`/g, ''), /(?<!\\)[<[`*]/, 'no markup outside code spans');
  assert.doesNotMatch(text, /evil\.example/, 'no host that a reader would link');
  assert.doesNotMatch(text, /[\u202e\u0000]/);
  for (const line of text.split('\n').filter((each) => each.startsWith('| text')))
    assert.equal(cellsOf(line), 5, line);
  assert.match(text, /^## Notes\n\n\\# Seen\n/m);
  assert.match(text, /`lures\\\|2017`/);
});

test('JSON holds everything, with its version', () => {
  const json = toJson(publication) as {
    version: number;
    artifacts: { value: string; pathText: string }[];
    leftOut: string;
  };
  assert.equal(json.version, 1);
  assert.equal(json.artifacts.length, 8 + HOSTILE.length);
  assert.equal(
    json.artifacts[0]!.pathText,
    'bitcoingold.org ←host-pairs script.src— xn--bitcingold-hcb.org (shared by 3)',
  );
  assert.equal(json.leftOut, 'Left out: 1 suspected, 1 dismissed.');
});
