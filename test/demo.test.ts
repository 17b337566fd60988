import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { findBrowser } from '#crawl';
import { lockDirectory } from '#store';
import { campaign } from '#testnet';

const root = resolve(import.meta.dirname, '..');
const skip = findBrowser() === undefined && 'there is no Chromium or Chrome on this machine';

interface Summary {
  readonly captures: { url: string; host: string; outcome: string; bundle: string }[];
  readonly parents: Record<string, string[]>;
  readonly downloads: {
    host: string;
    url: string;
    sha256: string;
    steps: { kind: string; onclick?: string; name?: string }[];
  }[];
  readonly mirrorStamps: { host: string; tool: string; source: string; copiedAt: string }[];
  readonly expansion: {
    artifact: string;
    rank: number;
    tooCommon: boolean;
    reason?: string;
    path: unknown[];
  }[];
  readonly project: { confirmed: string[]; suspected: string[]; dismissed: string[] };
  readonly lookalikes: { host: string; brand: string; level: string; characters?: string }[];
  readonly copies: {
    readonly reasons: readonly string[];
    host: string;
    brand: string;
    original: string;
    level: string;
    copiedAt?: string;
    hotlinks: { kind: string; url: string }[];
    controls: { kind: string; text: string; onclick: string; leadsTo: string[] }[];
  }[];
  readonly exports: Record<'csv' | 'json' | 'stix' | 'markdown', string>;
}

test('the demo tells the whole campaign from the mails alone', { skip, timeout: 1_800_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'adit-demo-'));
  try {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [join(root, 'src/cli/main.ts'), 'demo', '--once', '--json', '--out', join(folder, 'out')],
      { cwd: folder, maxBuffer: 64 * 1024 * 1024 },
    );
    const summary = JSON.parse(stdout) as Summary;
    checkCaptures(summary);
    checkFindings(summary);
    checkExpansion(summary);
    checkLookalikes(summary);
    checkCopies(summary);
    for (const path of Object.values(summary.exports))
      assert.ok((await readFile(resolve(folder, path))).length > 100, path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('a folder whose stores a living process owns is not wiped', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'adit-demo-'));
  try {
    const home = join(folder, 'home');
    await mkdir(home);
    const kept = join(home, 'kept');
    await writeFile(kept, 'mine');
    await using _owner = await lockDirectory(home);
    const run = promisify(execFile)(process.execPath, [
      join(root, 'src/cli/main.ts'),
      'demo',
      '--once',
      '--out',
      folder,
    ]);
    await assert.rejects(run, (error: { code: number; stderr: string }) => {
      assert.equal(error.code, 1);
      assert.match(error.stderr, /in use by process \d+\. A demo would wipe it\./);
      assert.match(error.stderr, /another folder by --out/);
      return true;
    });
    assert.equal(await readFile(kept, 'utf8'), 'mine');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

function checkLookalikes({ lookalikes }: Summary): void {
  const high = lookalikes.filter(({ level }) => level === 'HIGH');
  for (const fake of [...campaign.fakes, ...campaign.unusedFakes]) {
    const found = high.find(({ host }) => host === fake.host);
    assert.equal(found?.brand, fake.brand, fake.host);
    assert.match(found.characters ?? '', /U\+[0-9A-F]{4}/, fake.host);
  }
  const others = [...campaign.innocents, ...campaign.popular, ...campaign.thirdParties];
  assert.deepEqual(
    high.filter(({ host }) => others.some((other) => other === host)),
    [],
  );
}

function checkCopies({ copies }: Summary): void {
  assert.deepEqual(
    copies.map(({ host }) => host).toSorted(),
    campaign.fakes.map(({ host }) => host).toSorted(),
  );
  for (const { host, brand, hotlinks, download } of campaign.fakes) {
    const copy = copies.find((each) => each.host === host)!;
    assert.deepEqual([copy.level, copy.brand], ['HIGH', brand], host);
    assert.equal(new URL(copy.original).hostname, brand);
    assert.ok(
      copy.reasons.some((says) => says.startsWith('looks the same (')),
      `${host}: ${copy.reasons.join('; ')}`,
    );
    const controls = copy.controls.filter(({ onclick }) => onclick.includes(download.functionName));
    assert.ok(
      controls.some(({ kind, text }) => kind === 'added' || (kind === 'changed' && text !== '')),
      `${host}: ${JSON.stringify(copy.controls)}`,
    );
    assert.ok(
      controls.some(({ leadsTo }) => leadsTo.includes(download.hops[0]!)),
      `${host}: ${JSON.stringify(controls)}`,
    );
    const loaded = copy.hotlinks.filter(({ url }) => new URL(url).hostname === brand);
    for (const kind of ['style', 'script', 'image'])
      assert.equal(
        loaded.some((each) => each.kind === kind),
        hotlinks,
        `${host} ${kind}`,
      );
  }
  const dated = copies.filter(({ copiedAt }) => copiedAt !== undefined);
  assert.deepEqual(
    dated.map(({ host, copiedAt }) => [host, copiedAt]),
    [['xn--electrm-s2a.org', '2017-11-17T03:27:29Z']],
  );
}

function checkCaptures({ captures, downloads }: Summary): void {
  for (const { host, download } of campaign.fakes) {
    assert.ok(
      captures.some((capture) => capture.host === host && capture.outcome === 'ok'),
      host,
    );
    const followed = downloads.find((each) => each.host === host && each.sha256 === download.sha256);
    assert.ok(followed !== undefined, `the file of ${host}`);
    const [control, code, ...hops] = followed.steps;
    assert.equal(control!.kind, 'control');
    assert.match(control!.onclick ?? '', new RegExp(`\\b${download.functionName}\\b`));
    assert.equal(code!.name, download.functionName);
    assert.deepEqual(
      hops.map(({ kind }) => kind),
      [...download.hops.slice(1).map(() => 'redirect'), 'download'],
    );
  }
}

function checkFindings({ parents, mirrorStamps }: Summary): void {
  for (const { host: brand } of campaign.brands.slice(0, 1)) {
    const hotlinkers = campaign.fakes
      .filter((fake) => fake.brand === brand && fake.hotlinks)
      .map(({ host }) => host);
    assert.deepEqual(parents[brand]!.toSorted(), hotlinkers.toSorted());
  }
  assert.deepEqual(mirrorStamps, [
    {
      host: 'xn--electrm-s2a.org',
      tool: 'HTTrack',
      source: 'electrum.org',
      copiedAt: '2017-11-17T03:27:29Z',
    },
  ]);
}

function checkExpansion({ expansion, project }: Summary): void {
  const rankOf = (host: string): number =>
    expansion.find(({ artifact }) => artifact === host)?.rank ?? Infinity;
  const isCommon = (host: string): boolean =>
    expansion.some(({ artifact, tooCommon }) => artifact === host && tooCommon);
  const remaining = campaign.fakes
    .filter(({ host }) => !project.confirmed.includes(host))
    .map(({ host }) => host);
  assert.ok(remaining.length > 0);
  const others: readonly string[] = [...campaign.innocents, ...campaign.popular, ...campaign.thirdParties];
  const best = Math.min(...others.filter((host) => !isCommon(host)).map(rankOf));
  for (const host of [...remaining, ...campaign.unusedFakes.map((fake) => fake.host)])
    assert.ok(rankOf(host) < best, `${host} above every host of others`);
  for (const host of campaign.popular) assert.ok(isCommon(host), `${host} is too common`);
  for (const host of campaign.thirdParties)
    assert.ok(isCommon(host) || rankOf(host) === Infinity, `${host} is no suspect`);
  for (const { tooCommon, reason } of expansion) assert.equal(reason !== undefined, tooCommon);
  for (const host of remaining) assert.ok(project.suspected.includes(host), host);
}
