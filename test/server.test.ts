import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { copyFile, rename, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Validator } from '@seriousme/openapi-schema-validator';
import { problemSchema, ROUTES, type Route, type RouteId } from '#api';
import { LOCAL_USER, SCOPES, toBrand, type Host } from '#model';
import { startCrawl, type CrawlRequest, type KeptCapture } from '#pipeline';
import { addressOf, casesOf, conforms, operationsOf, type Input, type Operation } from './api-requests.ts';
import { openTestServer, takeCapture, writeArchive, type Reply, type TestServer } from './server-fixture.ts';

const FAKE = 'fake.example' as Host; // host names
const BRAND = 'brand.example' as Host;
const BRANDED = 'protected.example';

let server: TestServer;
let kept: KeptCapture;
let operations: Operation[];
/** A WARC, and the import of it. */
let archive: string;
let importId: string;

before(async () => {
  server = await openTestServer();
  kept = await takeCapture(server.workbench, FAKE, BRAND);
  archive = await writeArchive(server.workbench.directory);
  importId = await server.workbench.imports.start({ paths: [archive] });
  operations = operationsOf((await server.call('GET', '/api/openapi.json')).json() as never); // checked below
});

after(async () => {
  await server[Symbol.asyncDispose]();
});

/** What stands in the store for requests to be about; made anew for those that use it up. */
async function seeds() {
  const { projects, queue, keys } = server.workbench.workspace;
  const project = await projects.create(`Lures ${randomUUID()}`);
  await projects.set(project.id, { type: 'domain', value: FAKE, status: 'confirmed' });
  const kind = `seed ${project.id}`;
  const [job] = await queue.add([{ kind, payload: {}, maxAttempts: 1 }]);
  await queue.take({ owner: 'seed', kinds: [kind], leaseMs: 3_600_000, hostDelayMs: 0 });
  await queue.fail(job!, 'seed', 'refused');
  const { brand } = await server.workbench.workspace.brands.change(BRANDED, () =>
    toBrand({ domains: [BRANDED] }),
  );
  const { searches } = server.workbench.workspace;
  const search = await searches.create(LOCAL_USER.id, {
    name: `Watch ${kind}`,
    query: `child:${BRAND}`,
    isWatched: true,
  });
  const { users, sharing, sessions } = server.workbench.workspace;
  const user = await users.add(`u${project.id}`, 'analyst');
  await sharing.setMember(project.id, user.id, 'read');
  const { link } = await sharing.addLink(project.id, 'a reader', 'local');
  const from = { address: '127.0.0.1', agent: 'test' };
  const session = await sessions.begin({ user: LOCAL_USER.id }, from);
  const people = {
    user: user.id,
    link: link.id,
    session: session.id,
    token: (await users.addSignInLink(user.id, 60_000)).secret,
  };
  return {
    ...people,
    search: search.id,
    brand: brand.id,
    project: project.id,
    job: job!,
    crawl: await startCrawl(server.workbench, CRAWL),
    key: (await keys.create('seed', ['read'])).key.id,
  };
}

const CRAWL: CrawlRequest = {
  seeds: ['https://fake.example/'],
  scope: 'host',
  maxDepth: 1,
  maxPages: 5,
  how: {},
};

/** A request of each route as it is meant. */
function meant(id: RouteId, seed: Awaited<ReturnType<typeof seeds>>): Input {
  const { search, project, brand, job, crawl, key, user, link, session, token } = seed;
  const capture = { path: { id: kept.capture.id } };
  const imported = { path: { id: importId } };
  const inputs: Partial<Record<RouteId, Input>> = {
    requestCaptures: { body: { urls: ['https://fake.example/'] } },
    listCaptures: { query: { host: FAKE } },
    getCapture: capture,
    getCaptureObservations: capture,
    getBundle: capture,
    getDownloads: capture,
    getEvidence: {
      ...capture,
      query: { dataset: 'host-pairs', source: FAKE, label: 'script.src', target: BRAND },
    },
    listPersonas: {},
    getCaptureOverview: capture,
    listExchanges: { ...capture, query: { contains: 'fake', status: '2xx', sort: 'size', order: 'desc' } },
    getExchange: { path: { ...capture.path, exchange: 0 } },
    getHostTree: capture,
    getText: { ...capture, query: { name: 'exchange:0', line: 2 } },
    findInText: { ...capture, query: { name: 'document:0:loaded', words: 'script' } },
    getTextMarks: { ...capture, query: { name: 'exchange:0' } },
    compareTexts: { ...capture, query: { from: 'exchange:0', to: 'document:0:loaded' } },
    getScreenshot: { path: { ...capture.path, index: 0 } },
    listConsole: capture,
    comparePages: { query: { a: kept.capture.id, b: `https://${FAKE}/` } },
    getCopyReport: { query: { a: FAKE, b: kept.capture.id } },
    findCopies: { body: {} },
    listCookies: capture,
    listStorage: capture,
    listCertificates: capture,
    listDownloads: capture,
    listLinks: capture,
    listWebSockets: capture,
    listVisits: capture,
    getChanges: { ...capture, query: { since: kept.capture.id } },
    getEdgeEvidence: {
      query: { dataset: 'host-pairs', source: FAKE, label: 'script.src', target: BRAND },
    },
    startCrawl: { body: { seeds: ['fake[.]example'], scope: 'host', maxDepth: 2, maxPages: 20 } },
    getCrawl: { path: { id: crawl } },
    stopCrawl: { path: { id: crawl } },
    startImport: { body: { paths: [archive] } },
    getImport: imported,
    listImportFiles: imported,
    stopImport: imported,
    getArtifact: { query: { value: BRAND } },
    pivot: { query: { dataset: 'host-pairs', direction: 'reverse', value: BRAND } },
    search: { query: { query: `child:${BRAND} AND domain:${FAKE} NOT host:*.nowhere.example last:3000d` } },
    suggest: { query: { query: 'child:bra' } },
    recognise: { body: { text: 'hxxps://fake[.]example/ and 203.0.113.7' } },
    getFacets: { query: { dataset: 'host-pairs', direction: 'reverse', value: BRAND } },
    getHeatmap: { query: { value: BRAND } },
    exportEdges: { query: { dataset: 'host-pairs', direction: 'reverse', value: BRAND, format: 'csv' } },
    getGraph: { body: { values: [BRAND], steps: 2 } },
    getMark: { query: { value: FAKE } },
    putMark: { body: { value: FAKE, classification: 'malicious', tags: ['phish'] } },
    getMarkHistory: { query: { value: FAKE } },
    createSearch: { body: { name: 'Copies', query: `child:${BRAND}` } },
    changeSearch: { path: { id: search }, body: { name: 'Other' } },
    deleteSearch: { path: { id: search } },
    createProject: { body: { name: 'New' } },
    putArtifact: { body: { value: 'fake2[.]example', status: 'suspected' } },
    removeArtifact: { query: { value: FAKE } },
    expandProject: { body: { owned: [BRAND] } },
    expand: { body: { confirmed: ['fake.example'], owned: [BRAND] } },
    exportProject: { query: { format: 'stix' } },
    addBrand: { body: { url: 'https://www.example.org/login' } },
    setOwnership: { body: { hosts: ['protected.net'], isOwned: true } },
    listLookalikes: { query: { level: 'MEDIUM' } },
    noteFound: {
      body: {
        by: 'dns',
        candidates: [{ host: 'pr0tected.example', addresses: [{ address: '192.0.2.1', type: 'A' }] }],
      },
    },
    matchSeen: { body: {} },
    keepNames: { body: { names: ['*.kept.example', 'pr0tected.example', '', '192.0.2.1'] } },
    keepMentions: {
      body: {
        source: '1@mail.example',
        mentions: [
          {
            label: 'html.href',
            target: 'https://named.example/a',
            seenAt: '2017-11-10T08:42:11.000Z',
            detail: { shownText: 'brand.example' },
            evidence: { mail: { sha256: 'a'.repeat(64), part: 'html', snippet: '<a href=…>' }, element: 'a' },
          },
        ],
      },
    },
    matchNames: { body: { names: ['pr0tected.example', 'www.protected.example', 'a..b', ''] } },
    changeBrand: { body: { keywords: ['wallet'] } },
    getJob: { path: { id: job } },
    retryJob: { path: { id: job } },
    revokeKey: { path: { id: key } },
    createKey: { body: { name: 'reader', scopes: ['read'] } },
    changeProject: { body: { notes: '# What we know', tags: ['wallets'], visibility: 'team' } },
    putMember: { path: { id: project, user }, body: { may: 'write' } },
    removeMember: { path: { id: project, user } },
    addGuestLink: { body: { name: 'a reader' } },
    revokeGuestLink: { path: { id: project, link } },
    signIn: { body: { token } },
    changeOwnPassword: { body: { current: OWN_PASSWORD, password: OWN_PASSWORD } },
    endSession: { path: { id: session } },
    addUser: { body: { name: `new${user}`, role: 'analyst' } },
    changeUser: { path: { id: user }, body: { role: 'guest' } },
    removeUser: { path: { id: user } },
    setUserPassword: { path: { id: user }, body: { password: 'a long enough password' } },
    addSignInLink: { path: { id: user } },
    endUserSessions: { path: { id: user } },
  };
  return {
    ...(ROUTES[id].path.startsWith('/projects/{id}') && { path: { id: project } }),
    ...(ROUTES[id].path.startsWith('/brands/{id}') && { path: { id: brand } }),
    ...inputs[id],
  };
}

/** Of the owner of the data directory, once a test has set it. */
const OWN_PASSWORD = 'correct horse battery staple';

/** Routes that do something only once for what they are given. */
const USES_UP: ReadonlySet<RouteId> = new Set(['retryJob', 'signIn', 'addUser']);

const send = (operation: Operation, input: Input, key?: string | null): Promise<Reply> =>
  server.call(operation.method, addressOf(operation, input), {
    body: input.body,
    ...(key !== undefined && { key }),
  });

function assertProblem(reply: Reply, what: string): string {
  assert.equal(reply.headers['content-type'], 'application/problem+json', what);
  const problem = problemSchema.parse(reply.json());
  assert.equal(problem.status, reply.status, what);
  assert.match(problem.code, /^[a-z]+(-[a-z]+)*$/, what);
  return problem.code;
}

/** The reply is what the description and the contract say of this route. */
function assertDone(operation: Operation, reply: Reply, what: string): void {
  const route: Route = ROUTES[operation.operationId as RouteId]; // asserted to be one below
  const described = operation.responses[reply.status]?.content;
  assert.ok(reply.status in operation.responses, `${what}: ${reply.status} ${reply.bytes.toString()}`);
  const type = String(reply.headers['content-type'] ?? '').split(';')[0]!;
  if (route.reply !== undefined) {
    assert.equal(conforms(described!['application/json']!.schema!, reply.json()), undefined, what);
    route.reply.parse(reply.json());
  } else if (route.media !== undefined) {
    assert.ok(described?.[type] !== undefined, `${what}: ${type}`);
    if (type === 'text/event-stream') return;
    assert.match(String(reply.headers['content-disposition']), /^attachment; filename="[\w.-]+"$/, what);
    assert.equal(reply.headers['content-security-policy'], 'sandbox', what);
  } else assert.equal(reply.bytes.length, 0, what);
  assert.equal(reply.headers['x-content-type-options'], 'nosniff', what);
}

test('the OpenAPI description is valid, and describes every route', async () => {
  const description = (await server.call('GET', '/api/openapi.json', { key: null })).json() as Record<
    string,
    unknown
  >;
  const { valid, errors } = await new Validator().validate(structuredClone(description));
  assert.ok(valid, JSON.stringify(errors));
  assert.equal(description['openapi'], '3.1.0');
  assert.deepEqual(operations.map(({ operationId }) => operationId).sort(), Object.keys(ROUTES).sort());
});

test('every route does what it is meant for, and its reply keeps to its schema', async () => {
  for (const operation of operations) {
    if (operation.operationId === 'replayDemo') continue; // into an empty store: a test of its own
    const reply = await send(operation, meant(operation.operationId as RouteId, await seeds()));
    assertDone(operation, reply, operation.operationId);
  }
});

test('every route refuses who has no key, another key, or a key without its scope', async () => {
  const { keys } = server.workbench.workspace;
  for (const operation of operations) {
    const id = operation.operationId as RouteId;
    const { scope } = ROUTES[id];
    if (scope === 'anyone') continue;
    const input = meant(id, await seeds());
    for (const key of [null, 'adit_wrong', `adit_${'x'.repeat(5_000)}`]) {
      const reply = await send(operation, input, key);
      assert.equal(reply.status, 401, id);
      assert.equal(assertProblem(reply, id), 'not-authenticated');
      assert.equal(reply.headers['www-authenticate'], 'Bearer');
    }
    const others = SCOPES.filter((each) => each !== scope);
    if (scope === 'signed-in') {
      const reply = await send(operation, input, (await keys.create('all', SCOPES)).secret);
      assert.equal(reply.status, 403, id);
      assert.equal(assertProblem(reply, id), 'session-needed');
      continue;
    }
    const without = await send(operation, input, (await keys.create('without', others)).secret);
    assert.equal(without.status, 403, id);
    assert.equal(assertProblem(without, id), 'scope-missing');
    const { key, secret } = await keys.create('with', [scope]);
    const status = (await send(operation, input, secret)).status;
    assert.ok(id === 'replayDemo' ? status === 409 : status < 300, id);
    await keys.revoke(key.id);
    assert.equal((await send(operation, input, secret)).status, 401, id);
  }
});

test('an artifact of a stated type is one, in its normal form', async () => {
  const { id } = await server.workbench.workspace.projects.create('Typed');
  const put = (type: string, value: string): Promise<Reply> =>
    server.call('PUT', `/api/projects/${id}/artifacts`, { body: { type, value, status: 'suspected' } });
  for (const [type, value] of [
    ['ip', '<script>'],
    ['hash', 'abc'],
    ['domain', '203.0.113.9'],
    ['host', 'no host'],
    ['url', 'example.org'],
    ['mail', 'nobody'],
  ] as const) {
    const reply = await put(type, value);
    assert.equal(reply.status, 400, `${type} ${value}`);
    assert.equal(assertProblem(reply, type), 'bad-artifact');
  }
  const kept = async (type: string, value: string): Promise<unknown> => {
    const made = (await put(type, value)).json() as { type: string; value: string };
    return [made.type, made.value];
  };
  assert.deepEqual(await kept('host', 'BITCOINGÖLD.org'), ['domain', 'xn--bitcoingld-lcb.org']);
  assert.deepEqual(await kept('host', 'localhost'), ['host', 'localhost']);
  assert.deepEqual(await kept('hash', 'AB'.repeat(32)), ['hash', 'ab'.repeat(32)]);
  assert.deepEqual(await kept('tracker', 'UA-1-1'), ['tracker', 'UA-1-1']);
});

test('whatever the description forbids is refused by name, and what it allows never breaks the server', async () => {
  let [allowed, refused] = [0, 0];
  for (const operation of operations) {
    const id = operation.operationId as RouteId;
    const usesUp = ROUTES[id].method === 'DELETE' || USES_UP.has(id);
    let input = meant(id, await seeds());
    for (const { what, input: varied, isAllowed } of casesOf(operation, input)) {
      const label = `${id}: ${what}`;
      const reply = await send(operation, varied);
      if (reply.status < 300) assertDone(operation, reply, label);
      const code = reply.status < 300 ? 'none' : assertProblem(reply, `${label}: ${reply.status}`);
      assert.ok(reply.status < 500, `${label}: ${reply.status} ${code}`);
      assert.equal(code === 'bad-request', !isAllowed, `${label}: ${reply.status} ${code}`);
      if (isAllowed) allowed++;
      else refused++;
      if (usesUp && reply.status < 300) input = meant(id, await seeds());
    }
  }
  assert.ok(allowed > 400 && refused > 400, `${allowed} allowed, ${refused} refused`);
  assert.deepEqual(server.faults, []);
});

test('what is not there is said to be not there', async () => {
  const none = randomUUID();
  for (const [method, path, code] of [
    ['GET', '/api/nothing', 'not-found'],
    ['PATCH', '/api/projects', 'not-found'],
    ['HEAD', '/api/status', undefined],
    ['GET', '/', 'not-found'],
    ['GET', `/api/captures/${none}`, 'unknown-capture'],
    ['GET', `/api/projects/${none}`, 'unknown-project'],
    ['DELETE', `/api/keys/${none}`, 'unknown-key'],
    ['GET', '/api/jobs/999999', 'unknown-job'],
  ] as const) {
    const reply = await server.call(method, path);
    assert.equal(reply.status, 404, path);
    if (code !== undefined) assert.equal(assertProblem(reply, path), code);
  }
});

test('paths that climb lead nowhere', async () => {
  const climbs = [
    '..',
    '%2e%2e',
    '..%2f..%2f..%2fetc%2fpasswd',
    '%2fetc%2fpasswd',
    '..\\..\\x',
    '%00',
    '.%00.',
  ];
  for (const climb of climbs)
    for (const path of [
      `/api/captures/${climb}/bundle`,
      `/api/captures/${climb}`,
      `/${climb}/package.json`,
    ]) {
      const reply = await server.call('GET', path);
      assert.ok([400, 404].includes(reply.status), `${path}: ${reply.status}`);
      assertProblem(reply, path);
    }
});

test('a bundle leaves as it was kept, as an attachment; a lost one is said to be gone', async () => {
  const path = `/api/captures/${kept.capture.id}/bundle`;
  const reply = await server.call('GET', path);
  assert.equal(createHash('sha256').update(reply.bytes).digest('hex'), kept.sha256);
  assert.equal(reply.headers['content-type'], 'application/wacz+zip');
  await rename(kept.bundle, `${kept.bundle}.away`);
  for (const lost of [path, `/api/captures/${kept.capture.id}/observations`]) {
    const gone = await server.call('GET', lost);
    assert.equal(gone.status, 410);
    assert.equal(assertProblem(gone, lost), 'bundle-missing');
  }
  await rename(`${kept.bundle}.away`, kept.bundle);
});

test('a request under another host name is refused, so that no page reaches this server by rebinding', async () => {
  const { port } = new URL(server.url);
  for (const host of ['evil.example', `evil.example:${port}`, 'localhost.evil.example', '127.0.0.1.nip.io'])
    for (const path of ['/api/status', '/api/openapi.json', '/']) {
      const reply = await server.call('GET', path, { headers: { host } });
      assert.equal(reply.status, 421, host);
      assert.equal(assertProblem(reply, host), 'bad-host-header');
    }
  for (const host of ['localhost', `LOCALHOST:${port}`, '[::1]:80'])
    assert.equal((await server.call('GET', '/api/status', { headers: { host } })).status, 200, host);
});

test('bodies that are no JSON, or too large, are refused', async () => {
  const post = (raw: string, headers = {}) => server.call('POST', '/api/projects', { raw, headers });
  const cases: readonly (readonly [Promise<Reply>, number, string])[] = [
    [post('{"name":'), 400, 'bad-request'],
    [post(''), 400, 'bad-request'],
    [post('{"__proto__":{"x":1},"name":"n"}'), 400, 'bad-request'],
    [post('name=n', { 'content-type': 'application/x-www-form-urlencoded' }), 415, 'unsupported-media-type'],
    [post('{"name":"n"}', { 'content-type': 'text/plain' }), 415, 'unsupported-media-type'],
    [post(`{"name":"${'n'.repeat(3_000_000)}"}`), 413, 'body-too-large'],
  ];
  for (const [reply, status, code] of cases) {
    assert.equal((await reply).status, status, code);
    assert.equal(assertProblem(await reply, code), code);
  }
});

test('what is no HTTP, or too long a head, gets a problem document too', async () => {
  const { port } = new URL(server.url);
  const answer = async (bytes: string): Promise<string> => {
    const socket = connect(Number(port), '127.0.0.1');
    socket.end(bytes);
    let text = '';
    for await (const part of socket) text += String(part);
    return text;
  };
  assert.match(
    await answer('GET /api/status HTTP/1.0\r\n\r\n'),
    /^HTTP\/1\.1 421 .*"code":"bad-host-header"/s,
  );
  assert.match(await answer('GARBAGE\r\n\r\n'), /^HTTP\/1\.1 400 .*"code":"bad-request"/s);
  const long = `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`;
  assert.match(await answer(long), /^HTTP\/1\.1 431 .*"code":"head-too-large"/s);
});

async function whenOver(id: string): Promise<Record<string, unknown>> {
  for (;;) {
    const found = (await server.call('GET', `/api/imports/${id}`)).json() as Record<string, unknown>;
    if (!['waiting', 'running'].includes(String(found['state']))) return found;
    await sleep(50);
  }
}

test('an import is seen under way and when it is over, its evidence opens from the archive, and only from it', async () => {
  // One of its own: requests of other tests may have taken the shared one in.
  const archive = await writeArchive(server.workbench.directory, 'kept.example');
  const importId = await server.workbench.imports.start({ paths: [archive] });
  const done = await whenOver(importId);
  assert.equal(done['state'], 'done');
  assert.deepEqual(done['totals'], {
    files: 1,
    skippedFiles: 0,
    records: 2,
    pages: 1,
    pairs: 1,
    problemCount: 0,
    isPartial: false,
  });
  const { files } = (await server.call('GET', `/api/imports/${importId}/files`)).json() as {
    files: { file: string; isDone: boolean; records: number }[];
  };
  assert.deepEqual(
    files.map(({ file, isDone, records }) => [file, isDone, records]),
    [[archive, true, 2]],
  );
  const edge = 'dataset=host-pairs&source=kept.example&label=img.src&target=images.example';
  const evidence = (): Promise<Reply> => server.call('GET', `/api/evidence?${edge}`);
  const opened = (await evidence()).json() as { text: string; head: string; archive: { file: string } };
  assert.match(opened.text, /<img src=https:\/\/images\.example\/x\.png>/);
  assert.match(opened.head, /^GET https:\/\/kept\.example\/\n.*\nUser-Agent|200 OK/s);
  assert.equal(opened.archive.file, archive);

  const { store } = server.workbench;
  const [found] = (await store.edges({ dataset: 'host-pairs', direction: 'forward', value: 'kept.example' }))
    .edges;
  await store.add({
    id: 'an edge that names a file that was never imported',
    observations: [
      {
        dataset: 'host-pairs',
        source: 'sly.example',
        label: 'img.src',
        target: 'images.example',
        seenAt: '2020-01-01T00:00:00Z',
        detail: {},
        evidence: { archive: { ...found!.evidence.archive!, file: '/etc/passwd' } },
      },
    ],
  });
  const sly = await server.call('GET', `/api/evidence?${edge.replace('kept', 'sly')}`);
  assert.equal(assertProblem(sly, 'sly'), 'archive-unknown');

  const relative = await server.call('POST', '/api/imports', { body: { paths: ['archives'] } });
  assert.equal(assertProblem(relative, 'relative'), 'bad-path');
  const missing = await server.call('POST', '/api/imports', { body: { paths: [`${archive}.missing`] } });
  assert.equal(assertProblem(missing, 'missing'), 'missing-file');
  const reader = await server.workbench.workspace.keys.create('writer', ['read', 'write', 'capture']);
  const refused = await server.call('POST', '/api/imports', {
    key: reader.secret,
    body: { paths: [archive] },
  });
  assert.equal(refused.status, 403);

  await rename(archive, `${archive}.moved`);
  assert.equal(assertProblem(await evidence(), 'moved'), 'archive-gone');
  await copyFile(`${archive}.moved`, archive); // another version: its time is another
  const taken = await server.call('POST', '/api/imports', { body: { paths: [archive], takeIn: true } });
  assert.equal(taken.status, 202);
  assert.equal((await whenOver((taken.json() as { id: string }).id))['state'], 'done');
  await rm(archive);
  assert.match(String(((await evidence()).json() as { text: string }).text), /images\.example/);
});
