import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EMPTY_BUCKET, parseHost, type PageSketch } from '#model';
import { densify } from './bands.ts';
import { FirstLook } from './first-look.ts';
import { judge } from './judge.ts';
import { signPage, type PageProfile } from './page.ts';
import { Percolator } from './percolator.ts';
import { likenessOf } from './likeness.ts';
import { pictureLikeness, pictureOf } from './picture.ts';
import { cardinality, containment, hostsAmong, resemblance } from './sketch.ts';

const genuine = parseHost('brand.example')!;
const fake = parseHost('fake.example')!;

/** Spreads members over buckets as the scanner does. */
function setOf(buckets: number, members: readonly number[]): Int32Array {
  const set = new Int32Array(buckets).fill(EMPTY_BUCKET);
  for (const member of members) {
    let hash = Math.imul(member + 1, 0x9e3779b1);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash ^= hash >>> 16;
    const bucket = hash & (buckets - 1);
    set[bucket] = Math.min(set[bucket]!, hash >>> 7);
  }
  return set;
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, at) => from + at);

function sketchOf(members: readonly number[]): PageSketch {
  const { length } = members;
  return {
    text: setOf(128, members),
    words: setOf(128, members),
    paths: setOf(128, members),
    tags: setOf(64, members),
    classes: setOf(64, members),
    files: setOf(64, members),
    counts: { shingles: length, words: length, paths: length, classes: length, files: length },
  };
}

const pageOf = (
  host: typeof genuine,
  members: readonly number[],
  more: Partial<PageProfile> = {},
): PageProfile => ({
  url: `https://${host}/`,
  host,
  sketch: sketchOf(members),
  loads: [],
  claims: [],
  stamps: [],
  ids: [],
  ...more,
});

test('what buckets say of sets', () => {
  const [a, b] = [setOf(128, range(0, 3_000)), setOf(128, range(1_000, 4_000))];
  assert.ok(Math.abs(resemblance(a, b) - 0.5) < 0.12);
  assert.ok(Math.abs(cardinality(a) - 3_000) < 700);
  assert.ok(Math.abs(cardinality(setOf(128, range(0, 40))) - 40) < 8);
  const part = setOf(128, range(0, 1_000));
  assert.ok(containment(resemblance(part, a), cardinality(part), cardinality(a)) > 0.7);
  assert.equal(resemblance(new Int32Array(128).fill(EMPTY_BUCKET), a), 0);
  assert.ok(!densify(setOf(128, range(0, 3)), new Int32Array(128)).includes(EMPTY_BUCKET));
});

test('a stamp, a claim or a badge alone makes no copy; the owner copies nobody', () => {
  const reference = { ...pageOf(genuine, range(0, 500)), owned: [genuine] };
  const named = pageOf(fake, range(9_000, 9_500), {
    stamps: [{ tool: 'HTTrack', sourceHost: genuine }],
    claims: [{ kind: 'canonical', host: genuine }],
    loads: [{ host: genuine, kind: 'image', count: 2 }],
  });
  const verdict = judge(named, reference);
  assert.equal(verdict.isCopy, false);
  assert.equal(verdict.level, 'LOW');
  assert.deepEqual(verdict.evidence.map(({ kind }) => kind).sort(), ['claims', 'hotlinks', 'stamp']);
  const own = judge(pageOf(genuine, range(0, 500)), reference);
  assert.deepEqual([own.isCopy, own.level, own.score], [true, 'NONE', 0]);
});

test('the percolator finds copies, the surest first, and keeps silent on templates and the owner', () => {
  const index = new Percolator();
  for (let brand = 0; brand < 300; brand++) {
    const host = parseHost(`brand${brand}.example`)!;
    index.add({ ...pageOf(host, range(brand * 1_000, brand * 1_000 + 400)), owned: [host] });
  }
  const copy = pageOf(fake, [...range(7_000, 7_400), ...range(500_000, 500_050)]);
  const [best, ...others] = index.query(signPage(copy));
  assert.equal(best?.reference.host, 'brand7.example');
  assert.equal(best?.verdict.level, 'HIGH');
  assert.deepEqual(others, []);
  assert.deepEqual(index.query(signPage(pageOf(fake, range(900_000, 900_400)))), []);
  assert.deepEqual(index.query(signPage(pageOf(parseHost('www.brand7.example')!, range(7_000, 7_400)))), []);
});

test('where the first look finds nothing, a full comparison finds no copy', () => {
  let seed = 3;
  const random = (below: number): number =>
    ((seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff) >> 8) % below;
  const drawn = (): number => {
    const most = [0, 8, 40, 900][random(4)]!;
    return most === 0 ? 0 : random(most);
  };
  const mixed = (base: number): PageSketch => {
    const some = (buckets: number): Int32Array => {
      const start = base + random(40);
      const own = 100_000 + random(1_000_000);
      return setOf(buckets, [...range(start, start + drawn()), ...range(own, own + drawn())]);
    };
    const [text, words, paths, tags] = [some(128), some(128), some(128), some(64)];
    const counts = { shingles: 900, words: 900, paths: 900, classes: 900, files: 900 };
    return { text, words, paths, tags, classes: some(64), files: some(64), counts };
  };
  let [turnedAway, copies] = [0, 0];
  for (let round = 0; round < 3_000; round++) {
    const loads = random(8) === 0 ? [{ host: genuine, kind: 'style' as const, count: 9 }] : [];
    const asked = signPage(pageOf(fake, [], { sketch: mixed(0), loads }));
    const reference = { ...signPage(pageOf(genuine, [], { sketch: mixed(0) })), owned: [genuine] };
    const look = new FirstLook();
    look.add(0, reference.sketch);
    const { isCopy } = judge(asked, reference);
    if (isCopy) copies++;
    if (look.mayBeCopy(asked, cardinality(asked.sketch.text), 0, reference, true)) continue;
    turnedAway++;
    assert.equal(isCopy, false);
  }
  assert.ok(turnedAway > 500 && copies > 100, `${turnedAway} turned away, ${copies} copies`);
});

test('many versions of one page do not hide it', () => {
  const index = new Percolator();
  for (let version = 0; version < 100; version++)
    index.add({ ...pageOf(genuine, [...range(0, 400), 1_000 + version]), owned: [genuine] });
  assert.ok(index.query(signPage(pageOf(fake, range(0, 400)))).length > 0);
});

test('classes and files of a template count the less the more hosts have them', () => {
  const template = range(0, 60);
  const own = pageOf(genuine, range(0, 90));
  const copy = pageOf(fake, range(0, 90));
  const others = Array.from({ length: 14 }, (_, at) =>
    pageOf(parseHost(`site${at}.example`)!, [...template, ...range(1_000 * (at + 1), 1_000 * (at + 1) + 5)]),
  );
  const hosts = hostsAmong([own, copy, ...others]);
  for (const kind of ['classes', 'files'] as const) {
    const plain = likenessOf(others[0]!.sketch, own.sketch)[kind];
    const weighed = likenessOf(others[0]!.sketch, own.sketch, hosts)[kind];
    assert.ok(plain > 0.5 && weighed < plain * 0.75, `${kind}: ${plain} ${weighed}`);
    assert.equal(likenessOf(copy.sketch, own.sketch, hosts)[kind], 1);
  }
  assert.equal(
    likenessOf(others[0]!.sketch, own.sketch, hosts).text,
    likenessOf(others[0]!.sketch, own.sketch).text,
  );
  const alone = hostsAmong([own, pageOf(genuine, range(0, 90))]);
  assert.equal(
    likenessOf(others[0]!.sketch, own.sketch, alone).classes,
    likenessOf(others[0]!.sketch, own.sketch).classes,
    'pages of one host are one',
  );
});

test('pictures: a banner on top moves everything, and the strips are found again', () => {
  const width = 512;
  const image = (offset: number) => {
    const height = 1_600;
    const pixels = new Uint8Array(width * height);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const row = Math.floor((y - offset) / 64);
        pixels[y * width + x] = y < offset ? 255 : (Math.imul(row + 3, (x >> 5) + 7) * 37) & 255;
      }
    return { width, height, pixels };
  };
  const [plain, moved] = [pictureOf(image(0)), pictureOf(image(128))];
  assert.equal(pictureLikeness(plain, plain), 1);
  assert.ok(pictureLikeness(plain, moved) > 0.6);
});
