import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { validateHeaderName, validateHeaderValue } from 'node:http';
import { test } from 'node:test';
import { hostOfUrl, isWithin, parseHost, parseUrl, sha256 } from '#model';
import { openTestnet } from '../testnet.ts';
import { dialTls, visit } from '../visit-fixture.ts';
import { campaign } from './index.ts';
import { fieldOf, htmlOf, referencesOf, replyTo } from './visit-fixture.ts';

const { brands, fakes, innocents, popular, sites, steps } = campaign;
const [bitcoinGold, electrum] = brands.map(({ host }) => host);
const front = (host: string) => `https://${host}/`;
/** Hosts that have a page of their own. */
const pageHosts = [...brands, ...fakes].map(({ host }) => host).concat(innocents);

test('every site has a host of its own, and routes that are paths with honest headers', () => {
  const hosts = sites.map(({ host }) => parseHost(host));
  assert.ok(!hosts.includes(undefined));
  assert.equal(new Set(hosts).size, hosts.length);
  for (const { host, routes } of sites) {
    for (const [path, route] of Object.entries(routes)) {
      assert.match(path, /^\/[^?#\s]*$|^\*$/, `${host} ${path}`);
      if (typeof route === 'function') continue;
      assert.notEqual(fieldOf(route, 'content-type'), '', `${host}${path} has no media type`);
      for (const [name, value] of Object.entries(route.headers ?? {})) {
        validateHeaderName(name);
        for (const line of [value].flat()) validateHeaderValue(name, String(line));
      }
    }
  }
});

test('the story has two brands, five fakes, a sixth name, and enough that is neither', () => {
  assert.deepEqual(
    brands.map(({ host }) => host),
    ['bitcoingold.org', 'electrum.org'],
  );
  assert.deepEqual(
    fakes.map(({ host, brand, hotlinks, inMail }) => [host, brand, hotlinks, inMail]),
    [
      ['xn--bitcoingld-lcb.org', 'bitcoingold.org', true, 'initial'],
      ['xn--bitcoingod-8yb.com', 'bitcoingold.org', false, 'initial'],
      ['xn--bitcoigold-o1b.com', 'bitcoingold.org', true, 'initial'],
      ['xn--bitcingold-hcb.org', 'bitcoingold.org', true, 'later'],
      ['xn--electrm-s2a.org', 'electrum.org', false, 'later'],
    ],
  );
  assert.deepEqual(campaign.unusedFakes, [{ host: 'xn--btcongold-54ad.com', brand: 'bitcoingold.org' }]);
  assert.ok(innocents.length >= 30);
  assert.equal(new Set(innocents).size, innocents.length);
  assert.equal(popular.length, 2);
});

test('following every link, form, file, redirect and style sheet from the front pages never meets a missing file', async () => {
  const queue = pageHosts.flatMap((host) => [front(host), `http://${host}/`]);
  const seen = new Set(queue);
  const missing: string[] = [];
  for (const address of queue) {
    const reply = await replyTo(address);
    if (reply === undefined || (reply.status ?? 200) >= 400) missing.push(address);
    else {
      for (const next of namedBy(reply, address)) {
        if (seen.has(next)) continue;
        seen.add(next);
        queue.push(next);
      }
    }
  }
  assert.deepEqual(missing, []);
  assert.ok(queue.length > 600, `only ${queue.length} addresses`);
});

function namedBy(reply: NonNullable<Awaited<ReturnType<typeof replyTo>>>, address: string): string[] {
  const location = fieldOf(reply, 'location');
  if (location !== '') return [new URL(location, address).href];
  const type = fieldOf(reply, 'content-type');
  if (type.startsWith('text/html')) return referencesOf(String(reply.body), address).map(({ url }) => url);
  if (!type.startsWith('text/css')) return [];
  return Array.from(String(reply.body).matchAll(/url\(([^)]*)\)/g), ([, url]) => new URL(url!, address).href);
}

test('exactly the fakes that hotlink name bitcoingold.org anywhere, its own host left out', async () => {
  const naming = new Set<string>();
  for (const { host, routes } of sites) {
    if (isWithin(parseHost(host)!, bitcoinGold!)) continue;
    for (const path of Object.keys(routes)) {
      const reply = await replyTo(`https://${host}${path === '*' ? '/' : path}`);
      const whole = JSON.stringify(reply?.headers) + Buffer.from(reply?.body ?? '').toString('latin1');
      if (/bitcoingold\.org/i.test(whole)) naming.add(host);
    }
  }
  assert.deepEqual(
    [...naming],
    fakes.filter(({ hotlinks }) => hotlinks).map(({ host }) => host),
  );
});

test('a hotlinking fake takes style sheets, scripts and images from the genuine host, the others take none', async () => {
  for (const { host, brand, hotlinks } of fakes) {
    const causes = new Set(
      referencesOf(await htmlOf(front(host)), front(host))
        .filter(({ url }) => hostOfUrl(url) === brand)
        .map(({ element, attribute }) => `${element}.${attribute}`),
    );
    const files = ['link.href', 'script.src', 'img.src'];
    for (const cause of files) assert.equal(causes.has(cause), hotlinks, `${host} ${cause}`);
    if (hotlinks) assert.ok(causes.has('a.href'), host);
  }
});

test('innocents lead to the second brand at most, and one of them does', async () => {
  const leading: string[] = [];
  for (const host of innocents) {
    const references = referencesOf(await htmlOf(front(host)), front(host));
    const targets = new Set(references.map(({ url }) => hostOfUrl(url)));
    for (const { host: fake } of fakes) assert.ok(!targets.has(fake), `${host} → ${fake}`);
    if (targets.has(electrum)) leading.push(host);
  }
  assert.deepEqual(leading, ['walletreviews.example']);
});

test('every front page uses both popular hosts', async () => {
  for (const host of pageHosts) {
    const used = new Set(
      referencesOf(await htmlOf(front(host)), front(host)).map(({ url }) => hostOfUrl(url)),
    );
    for (const shared of popular) assert.ok(used.has(shared), `${host} does not use ${shared}`);
  }
});

test('each shared trait is shared by just the hosts it names', async () => {
  for (const { dataset, value, hosts } of campaign.sharedTraits) {
    const sharing: string[] = [];
    for (const site of sites) {
      const host = parseHost(site.host)!;
      if (host !== value && (await hasTrait(site, dataset, value))) sharing.push(host);
      if (host === value && dataset === 'certificates') sharing.push(host);
    }
    assert.deepEqual(sharing.sort(), [...hosts].sort(), `${dataset} ${value}`);
  }
});

async function hasTrait(site: (typeof sites)[number], dataset: string, value: string): Promise<boolean> {
  if (dataset === 'resolutions') return site.addresses?.includes(value) ?? false;
  if (dataset === 'certificates') return site.alternativeNames?.includes(value) ?? false;
  for (const path of Object.keys(site.routes)) {
    const reply = await replyTo(`https://${site.host}${path === '*' ? '/' : path}`);
    const body = Buffer.from(reply?.body ?? '');
    if (
      dataset === 'fingerprints'
        ? path === '/favicon.ico' && sha256(body) === value
        : dataset === 'files' && sha256(body) === value
    )
      return true;
    const isText = dataset === 'trackers' || dataset === 'host-pairs';
    if (isText && (body.includes(value) || fieldOf(reply ?? {}, 'location').includes(value))) return true;
  }
  return false;
}

test('one fake stands among strangers on a crowded machine', () => {
  const fake = sites.find(({ host }) => host === 'xn--bitcoingod-8yb.com');
  const neighbours = sites
    .filter(({ addresses }) => addresses?.[0] === fake?.addresses?.[0])
    .map(({ host }) => host);
  assert.ok(neighbours.length >= 5);
  assert.equal(neighbours.filter((host) => fakes.some((each) => each.host === host)).length, 1);
});

test('the test internet plays it: names in Unicode, certificates with their further names, the way to the file', async () => {
  await using testnet = await openTestnet({ sites: campaign.sites });
  const [first, , third] = fakes;
  assert.deepEqual(
    await testnet.network.resolve('bitcoingöld.org'),
    await testnet.network.resolve(first!.host),
  );

  const plain = await visit(testnet, `http://${first!.host}/`);
  assert.deepEqual([plain.status, plain.headers.location], [301, first!.url]);
  const page = await visit(testnet, first!.url, { protocol: 'h2' });
  assert.match(page.body.toString(), /onclick="downloadWallet\(\)"/);
  const file = await visit(testnet, first!.download.hops.at(-1)!);
  assert.equal(sha256(file.body), first!.download.sha256);

  const tls = await dialTls(testnet, new URL(third!.url));
  const names = tls.getPeerCertificate().subjectaltname;
  tls.destroy();
  assert.equal(names, `DNS:${third!.host}, DNS:${fakes[3]!.host}, DNS:${campaign.unusedFakes[0]!.host}`);
});

test('the steps go forward in time, and cover every page host', () => {
  const instants = steps.map(({ at }) => at.getTime());
  assert.deepEqual(
    instants,
    instants.toSorted((a, b) => a - b),
  );
  const urls = steps.flatMap((step) => step.urls);
  assert.ok(urls.every((url) => parseUrl(url) === url));
  assert.deepEqual(new Set(urls.map(hostOfUrl)), new Set(pageHosts));
  for (const { host } of fakes) {
    const { at } = steps.find((step) => step.urls.includes(front(host)))!;
    const mails = campaign.mails.filter(({ urls }) => urls.some((url) => hostOfUrl(url) === host));
    assert.ok(
      mails.some(({ sentAt }) => sentAt <= at),
      `${host} is visited before any mail names it`,
    );
  }
});

test('another process makes the same story', () => {
  const index = JSON.stringify(import.meta.resolve('./index.ts'));
  const digestOf = `const { campaign } = await import(${index}); const { createHash } = await import('node:crypto');
    const hash = createHash('sha256');
    for (const { host, routes } of campaign.sites) for (const [path, route] of Object.entries(routes)) {
      const reply = typeof route === 'function' ? await route({ url: new URL('https://' + host + path), isTls: true }) : route;
      hash.update(host + path + JSON.stringify(reply.headers)).update(reply.body);
    }
    for (const { eml } of campaign.mails) hash.update(eml);
    process.stdout.write(hash.digest('hex'));`;
  const run = () =>
    execFileSync(process.execPath, ['--input-type=module', '-e', digestOf], { encoding: 'utf8' });
  const once = run();
  assert.match(once, /^[0-9a-f]{64}$/);
  assert.equal(run(), once);
});
