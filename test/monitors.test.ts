import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startMonitors } from '#investigate';
import { LOCAL_USER, type Observation } from '#model';
import { markedFor } from '#server';
import { openTestServer, type TestServer } from './server-fixture.ts';

/** Standing questions: what is new since they were asked becomes an alert, once, and reaches who watches. */

const BRAND = 'brand.example';
let server: TestServer;
before(async () => {
  server = await openTestServer();
});
after(() => server?.[Symbol.asyncDispose]());

const pair = (source: string, target = BRAND): Observation => ({
  dataset: 'host-pairs',
  source,
  label: 'script.src',
  target,
  seenAt: '2017-11-20T10:00:00.000Z',
  detail: {},
  evidence: {},
});
const add = (id: string, ...observations: Observation[]): Promise<unknown> =>
  server.workbench.store.add({ id, observations });
const search = (query: string, isWatched = true) =>
  server.workbench.workspace.searches.create(LOCAL_USER.id, { name: query, query, isWatched });
const openAlerts = async (id: string): Promise<string[]> => {
  const { alerts } = (await server.call('GET', `/api/alerts?search=${id}&isOpen=true`)).json() as {
    alerts: { artifact: { value: string } }[];
  };
  return alerts.map(({ artifact }) => artifact.value).sort();
};

test('what is there when a search is first watched is no news; what comes after is, once', async () => {
  await add('before', pair('old.example'));
  const { id } = await search(`child:${BRAND}`);
  const unwatched = await search(`child:${BRAND} NOT host:nobody.example`, false);
  const told: string[][] = [];
  {
    const { store, workspace } = server.workbench;
    await using monitors = startMonitors({
      store,
      searches: workspace.searches,
      marked: markedFor(workspace),
      onAlerts: (_search, keys) => told.push([...keys]),
      onFault: (error) => assert.fail(String(error)),
      pauseMs: 0,
    });
    await monitors.settled();
    assert.deepEqual(await openAlerts(id), []);
    await add('new', pair('new.example'), pair('other.example', 'unrelated.example'));
    await monitors.settled();
    assert.deepEqual(await openAlerts(id), ['new.example']);
    await add('the same again', pair('new.example'));
    await monitors.settled();
    assert.deepEqual(await openAlerts(id), ['new.example']);
    assert.equal(told.length, 1);
  }
  assert.deepEqual(await openAlerts(unwatched.id), []);

  // Stored while nobody watched: told when somebody watches again.
  await add('while away', pair('away.example'));
  const { store, workspace } = server.workbench;
  await using monitors = startMonitors({ store, searches: workspace.searches, marked: markedFor(workspace) });
  await monitors.settled();
  assert.deepEqual(await openAlerts(id), ['away.example', 'new.example']);
});

test('alerts are acknowledged one by one or all of a search, and another’s stay as they are', async () => {
  const { users, searches, keys } = server.workbench.workspace;
  const mine = await search(`child:${BRAND} AND host:*.example`);
  await searches.take(mine, [], undefined);
  const anna = await users.add('anna', 'analyst');
  const hers = await searches.create(anna.id, { name: 'hers', query: 'child:x.example', isWatched: true });
  await searches.take(hers, [], undefined);
  const [key] = await searches.take(mine, ['host one.example', 'host two.example'], undefined);
  assert.ok(key !== undefined);
  await searches.take(hers, ['host hers.example'], undefined);
  const listed = (await server.call('GET', `/api/alerts?search=${mine.id}`)).json() as {
    alerts: { id: number }[];
  };
  assert.equal(listed.alerts.length, 2);
  const acknowledge = async (body: object): Promise<number> =>
    ((await server.call('POST', '/api/alerts/acknowledge', { body })).json() as { acknowledged: number })
      .acknowledged;
  assert.equal(await acknowledge({ ids: [listed.alerts[0]!.id] }), 1);
  assert.equal(await acknowledge({ ids: [listed.alerts[0]!.id] }), 0, 'once');
  assert.equal(await acknowledge({ search: mine.id }), 1);
  await acknowledge({});
  const { secret } = await keys.create('hers', ['read'], anna.id);
  const { alerts } = (await server.call('GET', '/api/alerts?isOpen=true', { key: secret })).json() as {
    alerts: unknown[];
  };
  assert.equal(alerts.length, 1, 'hers is still open');
});

test('a watched search that cannot be asked says why, and the others are asked all the same', async () => {
  const { store, workspace } = server.workbench;
  const wrong = await search('nosuchfield:x');
  const right = await search('child:late.example');
  await using monitors = startMonitors({ store, searches: workspace.searches, marked: markedFor(workspace) });
  await monitors.settled();
  await add('late', pair('found.example', 'late.example'));
  await monitors.settled();
  assert.deepEqual(await openAlerts(right.id), ['found.example']);
  const { searches } = (await server.call('GET', '/api/searches')).json() as {
    searches: { id: string; problem?: string }[];
  };
  assert.match(searches.find(({ id }) => id === wrong.id)?.problem ?? '', /nosuchfield/);
});
