import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { CSRF_HEADER, problemSchema, rightOf, ROUTES, type Route, type RouteId } from '#api';
import { SCOPES_OF_ROLE, type Host, type Role } from '#model';
import type { KeptCapture } from '#pipeline';
import {
  openTestServer,
  takeCapture,
  writeArchive,
  type CallOptions,
  type Reply,
  type TestServer,
} from './server-fixture.ts';

/** What OWASP's lists ask of an application such as this, as far as no browser is needed for it. */

const FAKE = 'fake.example' as Host; // host names
const OTHER = 'other.example' as Host;
const BRAND = 'brand.example' as Host;
const PASSWORD = 'correct horse battery staple';

let server: TestServer;
let kept: KeptCapture;
let unrelated: KeptCapture;

before(async () => {
  server = await openTestServer();
  kept = await takeCapture(server.workbench, FAKE, BRAND);
  unrelated = await takeCapture(server.workbench, OTHER, BRAND);
});
after(async () => {
  await server[Symbol.asyncDispose]();
});

const origin = (): string => server.url;
/** As a page of this server's own asks. */
const ownPage = (): Record<string, string> => ({
  origin: origin(),
  'sec-fetch-site': 'same-origin',
  [CSRF_HEADER]: '1',
});

const codeOf = (reply: Reply): string =>
  reply.status < 300 ? 'none' : problemSchema.parse(reply.json()).code;

/** Signs in, and gives what the browser would keep. */
async function signIn(body: object, cookie?: string): Promise<{ reply: Reply; cookie: string }> {
  const headers = { ...ownPage(), ...(cookie !== undefined && { cookie }) };
  const reply = await server.call('POST', '/api/session', { key: null, body, headers });
  const [set = ''] = reply.headers['set-cookie'] ?? [];
  return { reply, cookie: set.split(';')[0]! };
}

/** Somebody with an account and an open session. */
async function person(role: Role): Promise<{
  id: string;
  name: string;
  cookie: string;
  ask(method: string, path: string, options?: CallOptions): Promise<Reply>;
}> {
  const { users } = server.workbench.workspace;
  const user = await users.add(`u-${randomUUID()}`, role);
  const { secret } = await users.addSignInLink(user.id, 60_000);
  const { cookie } = await signIn({ token: secret });
  return { id: user.id, name: user.name, cookie, ask: asker(cookie) };
}

const asker =
  (cookie: string) =>
  (method: string, path: string, { headers = {}, ...options }: CallOptions = {}): Promise<Reply> =>
    server.call(method, path, { ...options, key: null, headers: { ...ownPage(), cookie, ...headers } });

/** A project of somebody's, with an artifact that a capture is of. */
async function projectOf(owner: Awaited<ReturnType<typeof person>>): Promise<string> {
  const made = await owner.ask('POST', '/api/projects', { body: { name: `Private ${randomUUID()}` } });
  assert.equal(made.status, 201);
  const { id } = made.json() as { id: string };
  const put = { value: FAKE, status: 'confirmed', reason: 'named in a mail' };
  assert.equal((await owner.ask('PUT', `/api/projects/${id}/artifacts`, { body: put })).status, 200);
  return id;
}

/** A request of every route below /projects/{id}, as somebody who knows the id would send it. */
function requestsOf(
  project: string,
  user: string,
): { id: RouteId; method: string; path: string; body?: object }[] {
  const bodies: Partial<Record<RouteId, object>> = {
    changeProject: { name: 'taken' },
    putArtifact: { value: 'x.example', status: 'confirmed' },
    expandProject: {},
    putMember: { may: 'write' },
    addGuestLink: {},
  };
  const queries: Partial<Record<RouteId, string>> = {
    removeArtifact: `?value=${FAKE}`,
    exportProject: '?format=json',
  };
  return (Object.entries(ROUTES) as [RouteId, Route][])
    .filter(([, route]) => rightOf(route) !== undefined)
    .map(([id, { method, path }]) => ({
      id,
      method,
      path: `/api${path
        .replace('{id}', project)
        .replace('{user}', user)
        .replace(/\{\w+\}/g, randomUUID())}${queries[id] ?? ''}`,
      ...(bodies[id] !== undefined && { body: bodies[id] }),
    }));
}

test('another’s private project is not there for anybody else, by any route and any method', async () => {
  const [owner, stranger, admin, guest] = [
    await person('analyst'),
    await person('analyst'),
    await person('admin'),
    await person('guest'),
  ];
  const project = await projectOf(owner);
  const requests = requestsOf(project, stranger.id);
  assert.ok(requests.length >= 15, `${requests.length} routes`);
  for (const other of [stranger, admin, guest])
    for (const { id, method, path, body } of requests) {
      const reply = await other.ask(method, path, { ...(body !== undefined && { body }) });
      const what = `${id}: ${reply.status} ${reply.bytes.toString().slice(0, 200)}`;
      const isRefused =
        ['unknown-project', 'not-for-guests', 'scope-missing'].includes(codeOf(reply)) ||
        (codeOf(reply) === 'bad-request' && !reply.bytes.includes(FAKE));
      assert.ok(isRefused, what);
      assert.ok(!reply.bytes.includes('named in a mail'), what);
    }
  // Nor by its name, nor through search, suggestions, and lists.
  const { name } = (await owner.ask('GET', `/api/projects/${project}`)).json() as { name: string };
  for (const path of [
    `/api/projects/${encodeURIComponent(name)}`,
    `/api/search?query=${encodeURIComponent(`project:"${name}"`)}`,
    `/api/search?query=${encodeURIComponent(`project:${project}`)}`,
    `/api/suggest?query=${encodeURIComponent(`project:${name.slice(0, 10)}`)}`,
    '/api/projects',
  ]) {
    const reply = await stranger.ask('GET', path);
    assert.ok(!reply.bytes.includes(FAKE) && !reply.bytes.includes(project), `${path}: ${reply.bytes}`);
  }
  const untouched = (await owner.ask('GET', `/api/projects/${project}`)).json() as {
    name: string;
    artifacts: [];
  };
  assert.equal(untouched.name, name);
  assert.equal(untouched.artifacts.length, 1);
});

test('a member may read or write and no more; visibility opens a project to the team, or to guest accounts', async () => {
  const [owner, reader, writer, outsider, guest] = [
    await person('analyst'),
    await person('analyst'),
    await person('analyst'),
    await person('analyst'),
    await person('guest'),
  ];
  const project = await projectOf(owner);
  const path = `/api/projects/${project}`;
  for (const [member, may] of [
    [reader, 'read'],
    [writer, 'write'],
  ] as const)
    assert.equal((await owner.ask('PUT', `${path}/members/${member.id}`, { body: { may } })).status, 200);
  const edit = { body: { notes: 'changed' } };
  const codes = async (who: typeof owner): Promise<string[]> => [
    codeOf(await who.ask('GET', path)),
    codeOf(await who.ask('PATCH', path, edit)),
    codeOf(await who.ask('PATCH', path, { body: { visibility: 'private' } })),
    codeOf(await who.ask('POST', `${path}/guest-links`, { body: {} })),
  ];
  assert.deepEqual(await codes(reader), ['none', 'right-missing', 'right-missing', 'right-missing']);
  assert.deepEqual(await codes(writer), ['none', 'none', 'right-missing', 'right-missing']);
  assert.equal(codeOf(await writer.ask('DELETE', path)), 'right-missing');
  assert.equal(codeOf(await outsider.ask('GET', path)), 'unknown-project');
  await owner.ask('PATCH', path, { body: { visibility: 'team' } });
  assert.deepEqual(await codes(outsider), ['none', 'none', 'right-missing', 'right-missing']);
  assert.equal(codeOf(await guest.ask('GET', path)), 'unknown-project');
  await owner.ask('PATCH', path, { body: { visibility: 'public' } });
  assert.equal(codeOf(await guest.ask('GET', path)), 'none');
  assert.equal(codeOf(await guest.ask('PATCH', path, edit)), 'not-for-guests');
  await owner.ask('PATCH', path, { body: { visibility: 'private' } });
  assert.equal(codeOf(await outsider.ask('GET', path)), 'unknown-project');
  await owner.ask('DELETE', `${path}/members/${reader.id}`);
  assert.equal(codeOf(await reader.ask('GET', path)), 'unknown-project');
});

test('a project that is called as another’s id does not stand in its way', async () => {
  const [owner, rival] = [await person('analyst'), await person('analyst')];
  const project = await projectOf(owner);
  await rival.ask('POST', '/api/projects', { body: { name: project } });
  const mine = (await owner.ask('GET', `/api/projects/${project}`)).json() as { id: string };
  assert.equal(mine.id, project);
});

test('a guest link shows its project, its captures with their evidence, and nothing else; revoked, nothing', async () => {
  const owner = await person('analyst');
  const [project, second] = [await projectOf(owner), await projectOf(owner)];
  const made = await owner.ask('POST', `/api/projects/${project}/guest-links`, { body: { name: 'readers' } });
  const { link, path } = made.json() as { link: { id: string }; path: string };
  const guestToken = path.split('#token=')[1]!;
  const { reply, cookie } = await signIn({ guestToken });
  assert.equal((reply.json() as { guestOf: { project: string } }).guestOf.project, project);
  const ask = asker(cookie);
  const evidence = `?dataset=host-pairs&source=${FAKE}&label=script.src&target=${BRAND}`;
  for (const open of [
    `/api/projects/${project}`,
    `/api/projects/${project}/history`,
    `/api/projects/${project}/timeline`,
    `/api/projects/${project}/captures`,
    `/api/projects/${project}/export?format=stix`,
    `/api/captures/${kept.capture.id}`,
    `/api/captures/${kept.capture.id}/overview`,
    `/api/captures/${kept.capture.id}/evidence${evidence}`,
    '/api/projects',
    '/api/session',
  ]) {
    const shown = await ask('GET', open);
    assert.equal(shown.status, 200, `${open}: ${shown.bytes}`);
    for (const secret of [owner.name, owner.id, kept.bundle, second])
      assert.ok(!shown.bytes.includes(secret), `${open} tells ${secret}`);
  }
  const isOpen = new Set<string>();
  for (const [id, route] of Object.entries(ROUTES) as [RouteId, Route][]) {
    if (route.scope === 'anyone' || id === 'events') continue;
    const ofOther = route.path
      .replace('/projects/{id}', `/projects/${second}`)
      .replace('/captures/{id}', `/captures/${unrelated.capture.id}`)
      .replace(/\{\w+\}/g, '0');
    const answer = await ask(route.method, `/api${ofOther}`, {
      ...(route.body !== undefined && { body: {} }),
    });
    if (answer.status < 300) {
      isOpen.add(id);
      assert.ok(!answer.bytes.includes(second), `${id}: ${answer.bytes}`);
    }
    assert.ok(!answer.bytes.includes(OTHER), `${id}: ${answer.bytes}`);
    if (route.method !== 'GET') assert.equal(codeOf(answer), 'not-for-guests', id);
  }
  assert.deepEqual([...isOpen], ['listProjects']);
  // Of its own capture what holds the virtual user's secrets is not for guests either.
  for (const part of ['bundle', 'cookies', 'storage', 'exchanges/0'])
    assert.equal(
      codeOf(await ask('GET', `/api/captures/${kept.capture.id}/${part}`)),
      'not-for-guests',
      part,
    );

  assert.equal((await owner.ask('DELETE', `/api/projects/${project}/guest-links/${link.id}`)).status, 204);
  assert.equal(codeOf(await ask('GET', `/api/projects/${project}`)), 'not-authenticated');
  assert.equal(codeOf((await signIn({ guestToken })).reply), 'sign-in-refused');
});

test('changes by cookie are refused unless this server’s own page asks', async () => {
  const owner = await person('analyst');
  const body = { name: 'forged' };
  const post = (headers: Record<string, string>): Promise<Reply> =>
    server.call('POST', '/api/projects', { key: null, body, headers: { cookie: owner.cookie, ...headers } });
  const { port } = new URL(origin());
  const forged: Record<string, string>[] = [
    {},
    { [CSRF_HEADER]: '1' },
    { origin: origin() },
    { 'sec-fetch-site': 'same-origin' },
    { origin: 'https://evil.example', [CSRF_HEADER]: '1' },
    { origin: 'null', [CSRF_HEADER]: '1' },
    { origin: `http://127.0.0.1:${Number(port) + 1}`, [CSRF_HEADER]: '1' },
    { origin: `http://localhost:${port}`, [CSRF_HEADER]: '1' },
    { origin: `http://127.0.0.1:${port}.evil.example`, [CSRF_HEADER]: '1' },
    { origin: `ftp://127.0.0.1:${port}`, [CSRF_HEADER]: '1' },
    { origin: origin(), 'sec-fetch-site': 'same-site', [CSRF_HEADER]: '1' },
    { origin: origin(), 'sec-fetch-site': 'cross-site', [CSRF_HEADER]: '1' },
    { 'sec-fetch-site': 'none', [CSRF_HEADER]: '1' },
  ];
  for (const headers of forged)
    assert.equal(codeOf(await post(headers)), 'cross-site-request', JSON.stringify(headers));
  for (const [id, route] of Object.entries(ROUTES) as [RouteId, Route][]) {
    if (route.method === 'GET') continue;
    const path = `/api${route.path.replace(/\{\w+\}/g, '0')}`;
    const reply = await server.call(route.method, path, {
      key: null,
      headers: { cookie: owner.cookie, origin: 'https://evil.example', [CSRF_HEADER]: '1' },
    });
    assert.equal(codeOf(reply), 'cross-site-request', id);
  }
  for (const site of ['cross-site', 'same-site']) {
    const read = await owner.ask('GET', '/api/projects', { headers: { 'sec-fetch-site': site } });
    assert.equal(codeOf(read), 'cross-site-request', site);
  }
  const { projects } = (await owner.ask('GET', '/api/projects')).json() as { projects: { name: string }[] };
  assert.ok(projects.every(({ name }) => name !== 'forged'));
  // A sign-in that another site makes would put its own account into this browser.
  const { users } = server.workbench.workspace;
  const { secret } = await users.addSignInLink(owner.id, 60_000);
  const foreign = { origin: 'https://evil.example', [CSRF_HEADER]: '1' };
  const planted = await server.call('POST', '/api/session', {
    key: null,
    body: { token: secret },
    headers: foreign,
  });
  assert.equal(codeOf(planted), 'cross-site-request');
  assert.equal(planted.headers['set-cookie'], undefined);
  // No answer lets another origin read it.
  const preflight = await server.call('OPTIONS', '/api/projects', {
    key: null,
    headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
  });
  for (const { headers } of [preflight, planted])
    assert.equal(
      Object.keys(headers).some((name) => name.startsWith('access-control-')),
      false,
    );
});

test('session cookies are for this server alone, and scripts never see them', async () => {
  const { users } = server.workbench.workspace;
  const user = await users.add(`u-${randomUUID()}`, 'analyst');
  const { secret } = await users.addSignInLink(user.id, 60_000);
  const { reply } = await signIn({ token: secret });
  const [cookie = '', ...more] = reply.headers['set-cookie'] ?? [];
  assert.equal(more.length, 0);
  const { port } = new URL(origin());
  assert.match(
    cookie,
    new RegExp(`^adit-${port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict; Max-Age=\\d+$`),
  );
  assert.ok(!reply.bytes.includes(cookie.split(/[=;]/)[1]!));
  const stored = await server.workbench.workspace.sessions.list(user.id);
  assert.ok(!JSON.stringify(stored).includes(cookie.split(/[=;]/)[1]!), 'only its hash is kept');

  await using secure = await openTestServer({ publicUrl: 'https://adit.example.org' });
  const owned = await secure.workbench.workspace.users.addSignInLink(
    (await secure.workbench.workspace.users.list())[0]!.id,
    60_000,
  );
  const over = await secure.call('POST', '/api/session', {
    key: null,
    body: { token: owned.secret },
    headers: { host: 'adit.example.org', origin: 'https://adit.example.org', [CSRF_HEADER]: '1' },
  });
  assert.equal(over.status, 200, over.bytes.toString());
  assert.match(String(over.headers['set-cookie']), /^__Host-adit-\d+=.*; Path=\/; .*; Secure$/);
});

test('a session is new with each sign-in, and ends when it should', async () => {
  const { users, sessions } = server.workbench.workspace;
  const user = await users.add(`u-${randomUUID()}`, 'analyst');
  const link = async (): Promise<string> => (await users.addSignInLink(user.id, 60_000)).secret;
  const { port } = new URL(origin());
  // One that an attacker planted is not taken over, and none is carried over.
  const planted = `adit-${port}=${'A'.repeat(43)}`;
  const first = await signIn({ token: await link() }, planted);
  assert.notEqual(first.cookie, planted);
  const second = await signIn({ token: await link() }, first.cookie);
  assert.notEqual(second.cookie, first.cookie);
  const isIn = async (cookie: string): Promise<boolean> =>
    (await asker(cookie)('GET', '/api/projects')).status === 200;
  assert.deepEqual(
    [await isIn(planted), await isIn(first.cookie), await isIn(second.cookie)],
    [false, false, true],
  );
  // A name that is there twice is none: the second may be planted.
  assert.equal(await isIn(`${second.cookie}; ${planted}`), false);
  const out = await asker(second.cookie)('DELETE', '/api/session');
  assert.match(String(out.headers['set-cookie']), /Max-Age=0/);
  assert.equal(await isIn(second.cookie), false);

  const ends: Record<string, () => Promise<unknown>> = {
    'its end by the user': async () => sessions.end((await sessions.list(user.id))[0]!.id),
    'a new password': () => users.setPassword(user.id, PASSWORD),
    'a new role': () => server.call('PATCH', `/api/users/${user.id}`, { body: { role: 'guest' } }),
    'the end of the account': () => server.call('DELETE', `/api/users/${user.id}`),
  };
  for (const [what, end] of Object.entries(ends)) {
    const { cookie } = await signIn({ token: await link() });
    assert.equal((await asker(cookie)('GET', '/api/session')).status, 200);
    assert.equal(await asker(cookie)('GET', '/api/projects').then(({ status }) => status), 200, what);
    await end();
    assert.equal(await isIn(cookie), false, what);
  }
});

test('sign-in links work once, one of many at a time, and not for long', async () => {
  const { users } = server.workbench.workspace;
  const user = await users.add(`u-${randomUUID()}`, 'analyst');
  const { secret } = await users.addSignInLink(user.id, 60_000);
  const tries = await Promise.all(Array.from({ length: 8 }, () => signIn({ token: secret })));
  assert.equal(tries.filter(({ reply }) => reply.status === 200).length, 1);
  const old = await users.addSignInLink(user.id, -1);
  assert.equal(codeOf((await signIn({ token: old.secret })).reply), 'sign-in-refused');
});

test('guessing passwords is slowed down by account and by address, also many at once, and tells nothing', async () => {
  await using own = await openTestServer();
  const { users, throttle } = own.workbench.workspace;
  await users.setPassword((await users.add('anna', 'analyst')).id, PASSWORD);
  const headers = { origin: own.url, [CSRF_HEADER]: '1' };
  const tryTo = (name: string, password: string): Promise<Reply> =>
    own.call('POST', '/api/session', { key: null, body: { name, password }, headers });
  const right = await tryTo('Anna', PASSWORD);
  assert.equal(right.status, 200, right.bytes.toString());
  const [wrong, unknown] = [await tryTo('anna', 'wrong password'), await tryTo('nobody', 'wrong password')];
  assert.deepEqual([wrong.status, wrong.json()], [unknown.status, unknown.json()], 'names cannot be probed');
  const guesses = await Promise.all(Array.from({ length: 12 }, (_, n) => tryTo('anna', `guess number ${n}`)));
  const looked = guesses.filter((reply) => codeOf(reply) === 'sign-in-refused').length;
  assert.ok(looked <= 5, `${looked} of 12 guesses at once were looked at`);
  const throttled = await tryTo('anna', PASSWORD);
  assert.equal(codeOf(throttled), 'sign-in-throttled', 'the right one has to wait, too');
  assert.match(throttled.headers['retry-after'] ?? '', /^[1-9]\d*$/);
  assert.ok((await throttle.failures('account', 'anna'))!.blockedUntil.getTime() > Date.now(), 'recorded');
  let code = '';
  for (let n = 0; n < 30 && code !== 'sign-in-throttled'; n++)
    code = codeOf(await tryTo(`name${n}`, 'a common password'));
  assert.equal(code, 'sign-in-throttled', 'many names from one address');
});

test('keys never do more than the role of their account', async () => {
  const { users, keys } = server.workbench.workspace;
  const user = await users.add(`u-${randomUUID()}`, 'admin');
  const { secret } = await keys.create('all', ['read', 'write', 'capture', 'admin'], user.id);
  const ask = (): Promise<Reply> => server.call('GET', '/api/users', { key: secret });
  assert.equal((await ask()).status, 200);
  await users.setRole(user.id, 'analyst');
  assert.equal(codeOf(await ask()), 'scope-missing');
  assert.deepEqual((await keys.check(secret))!.scopes, SCOPES_OF_ROLE.analyst);
  await users.remove(user.id);
  assert.equal(codeOf(await ask()), 'not-authenticated');
});

test('administrators do not become the owner of the data directory', async () => {
  const admin = await person('admin');
  for (const [method, path, body] of [
    ['POST', '/api/users/local/sign-in-links', undefined],
    ['PUT', '/api/users/local/password', { password: PASSWORD }],
    ['PATCH', '/api/users/local', { role: 'guest' }],
    ['DELETE', '/api/users/local', undefined],
    ['DELETE', '/api/users/local/sessions', undefined],
  ] as const) {
    const reply = await admin.ask(method, path, { ...(body !== undefined && { body }) });
    assert.equal(codeOf(reply), 'right-missing', path);
  }
  const analyst = await person('analyst');
  for (const [id, route] of Object.entries(ROUTES) as [RouteId, Route][])
    if (route.scope === 'admin') {
      const reply = await analyst.ask(route.method, `/api${route.path.replace(/\{\w+\}/g, admin.id)}`, {
        ...(route.body !== undefined && { body: {} }),
      });
      assert.equal(codeOf(reply), 'scope-missing', id);
    }
});

test('sessions, searches and alerts of others are out of reach', async () => {
  const [anna, ben] = [await person('analyst'), await person('analyst')];
  const [session] = await server.workbench.workspace.sessions.list(anna.id);
  assert.equal(codeOf(await ben.ask('DELETE', `/api/sessions/${session!.id}`)), 'unknown-session');
  const made = await anna.ask('POST', '/api/searches', { body: { name: 'mine', query: `child:${BRAND}` } });
  const { id } = made.json() as { id: string };
  for (const [method, body] of [
    ['PUT', { name: 'taken' }],
    ['DELETE', undefined],
  ] as const) {
    const reply = await ben.ask(method, `/api/searches/${id}`, { ...(body !== undefined && { body }) });
    assert.equal(reply.status, 404, reply.bytes.toString());
  }
  assert.deepEqual((await ben.ask('GET', '/api/searches')).json(), { searches: [] });
});

test('every answer says that it is no page, may not be framed, and is not kept', async () => {
  for (const path of ['/api/status', '/api/openapi.json', '/api/nothing', '/api/session', '/x']) {
    const { headers } = await server.call('GET', path);
    assert.equal(headers['content-security-policy'], "default-src 'none'; frame-ancestors 'none'", path);
    assert.equal(headers['x-frame-options'], 'DENY');
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['referrer-policy'], 'no-referrer');
    assert.equal(headers['cross-origin-resource-policy'], 'same-origin');
    assert.equal(headers['cache-control'], 'no-store');
  }
});

test('live events reach who may see them, resume, and end with the session', async () => {
  const [owner, stranger] = [await person('analyst'), await person('analyst')];
  const project = await projectOf(owner);
  const [own, other] = [listen(owner.cookie), listen(stranger.cookie)];
  await Promise.all([own.until('ready'), other.until('ready')]);
  await owner.ask('PATCH', `/api/projects/${project}`, { body: { notes: 'news' } });
  await owner.ask('POST', '/api/captures', { body: { urls: ['https://fake.example/'] } });
  const seen = await own.until('capture-queued');
  assert.match(seen, new RegExp(`event: project-changed\ndata: .*"project":"${project}"`));
  const foreign = await other.until('capture-queued');
  assert.ok(!foreign.includes(project), foreign);
  const position = /id: (\S+)\nevent: ready/.exec(seen)![1]!;
  own.close();
  const resumed = listen(owner.cookie, { 'last-event-id': position });
  assert.match(await resumed.until('capture-queued'), /event: project-changed/);
  const lost = listen(owner.cookie, { 'last-event-id': 'another-7' });
  assert.match(await lost.until('reset'), /event: reset/);
  const many = Array.from({ length: 11 }, () => listen(owner.cookie));
  const statuses = await Promise.all(many.map(({ status }) => status));
  assert.ok(statuses.includes(429), `${statuses}`);
  await owner.ask('DELETE', '/api/session');
  await resumed.ended;
  for (const each of [...many, lost, other]) each.close();
});

/** An open event stream. */
function listen(cookie: string, headers: Record<string, string> = {}) {
  const stop = new AbortController();
  let text = '';
  const response = fetch(`${server.url}/api/events`, {
    headers: { cookie, 'sec-fetch-site': 'same-origin', ...headers },
    signal: stop.signal,
  });
  const ended = response
    .then(async ({ body }) => {
      for await (const part of body!) text += Buffer.from(part).toString();
    })
    .catch(() => {});
  return {
    ended,
    status: response.then(({ status }) => status),
    close: () => stop.abort(),
    async until(event: string): Promise<string> {
      for (let tries = 0; tries < 6_000; tries++) {
        if (text.includes(`event: ${event}\n`)) return text;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      throw new Error(`no ${event} came: ${text}`);
    },
  };
}

test('what the app and keys import lies in the folders for imports, links followed; the owner’s commands read any file', async () => {
  const { keys } = server.workbench.workspace;
  const { secret } = await keys.create('importer', ['admin']);
  const inside = server.workbench.directory; // the folder for imports of this server
  const outside = await mkdtemp(join(tmpdir(), 'adit-outside-'));
  try {
    const archive = await writeArchive(outside, 'outside.example');
    await symlink(archive, join(inside, 'link.warc.gz'));
    await writeFile(join(inside, 'list'), archive);
    const start = (body: object, key: string | undefined = secret): Promise<Reply> =>
      server.call('POST', '/api/imports', { body, ...(key !== undefined && { key }) });
    for (const body of [
      { paths: [archive] },
      { paths: [join(inside, '..', outside.split('/').at(-1)!)] },
      { paths: ['link.warc.gz'] },
      { paths: ['../../etc/passwd'] },
      { paths: ['/nowhere/at/all'] },
      { paths: [], lists: [join(inside, 'list')] },
      { paths: [inside], base: outside },
    ]) {
      const reply = await start(body);
      assert.equal(codeOf(reply), 'bad-path', JSON.stringify(body));
    }
    const told: string[] = [];
    using _listener = server.workbench.live.listen(({ event }) => {
      if (event.kind === 'import-progress') told.push(event.state);
    });
    await writeArchive(inside, 'inside.example');
    assert.equal((await start({ paths: ['inside.example.warc.gz'] })).status, 202);
    assert.equal(
      (await server.call('POST', '/api/imports', { body: { paths: [archive] } })).status,
      202,
      'the owner',
    );
    for (
      let waited = 0;
      told.filter((state) => state === 'done').length < 2 && waited < 300_000;
      waited += 50
    )
      await sleep(50);
    assert.equal(told.filter((state) => state === 'done').length, 2, told.join(' '));
    assert.equal(told[0], 'running');
  } finally {
    await rm(outside, { recursive: true, force: true });
  }
});
