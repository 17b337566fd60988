import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { findBrowser } from '#crawl';
import { LOCAL_USER } from '#model';
import { keepCapture } from '#pipeline';
import { SourceFixture } from '../src/archive/capture-source-fixture.ts';
import { openTestServer, type TestServer } from './server-fixture.ts';

/** Every captured field full of script, and every screen that shows it in a real browser: nothing of it may run. */

const appFolder = resolve(import.meta.dirname, '../.build/web');
const browserPath = findBrowser();
const skip =
  (browserPath === undefined && 'there is no Chromium or Chrome on this machine') ||
  (!existsSync(join(appFolder, 'index.html')) && 'the web app is not built: run setup');

/** Long: the machine may be slow and busy. */
const PATIENCE_MS = 240_000;
const HOST = 'lure.example';
const CANARY = 'aditCanary';
/** What runs script in a page that puts text into HTML, attributes, addresses, styles or code. */
const SHAPES: readonly ((call: string) => string)[] = [
  (call) => `<script>${call}</script>`,
  (call) => `"><script>${call}</script>`,
  (call) => `<img src=x onerror=${call}>`,
  (call) => `'"><img src=x onerror="${call}">`,
  (call) => `<svg onload=${call}>`,
  (call) => `</title></textarea></style><svg/onload=${call}>`,
  (call) => `<details open ontoggle=${call}>`,
  (call) => `<iframe srcdoc="<script>parent.${call}</script>">`,
  (call) => `<iframe src="javascript:parent.${call}">`,
  (call) => `javascript:${call}`,
  (call) => `[x](javascript:${call})`,
  (call) => `![x](x"onerror="${call})`,
  (call) => `<a href="javascript:${call}" autofocus onfocus=${call}>`,
  (call) => `{{constructor.constructor('${call}')()}}`,
  (call) => `\${${call}}`,
  (call) => `';${call};//`,
  (call) => `\u202e<video><source onerror=${call}>`,
  (call) => `<math><mtext><table><mglyph><style><img src=x onerror=${call}>`,
  (call) => `<style>@import 'data:text/css,*{}';</style><body onpageshow=${call}>`,
  (call) => `<base href="//evil.example/"><meta http-equiv=refresh content="0;url=javascript:${call}">`,
];
const FIELDS = [
  'title',
  'header',
  'url',
  'cookie',
  'file name',
  'console',
  'mail',
  'html',
  'storage',
  'project name',
  'notes',
  'tag',
] as const;
type Field = (typeof FIELDS)[number];

let count = 0;
/** All shapes for a field, each with a call that says where it came from. */
const payloads = (field: Field): string[] =>
  SHAPES.map((shape, index) => {
    count++;
    return shape(`${CANARY}(\`${field.replace(' ', '-')}-${index}\`)`);
  });

let server: TestServer;
let browser: Browser;
let context: BrowserContext;
let captureId: string;
let projectId: string;
const fired: string[] = [];
const opened: string[] = [];

before(async () => {
  if (skip !== false) return;
  server = await openTestServer({ appFolder });
  captureId = await takeHostileCapture();
  projectId = await makeHostileProject();
  browser = await chromium.launch({
    executablePath: browserPath!,
    args: ['--no-sandbox'],
    timeout: PATIENCE_MS,
  });
  context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  context.setDefaultTimeout(PATIENCE_MS);
  await context.exposeFunction(CANARY, (where: string) => void fired.push(where));
});
after(async () => {
  await browser?.close();
  await server?.[Symbol.asyncDispose]();
});

test(
  'no captured field runs script on any screen, and the policy was never what stopped it',
  {
    skip,
    timeout: 3_600_000,
  },
  async () => {
    assert.ok(count >= 200, `${count} payloads`);
    const page = await context.newPage();
    const violations: string[] = [];
    page.on('console', (message) => {
      if (/Content Security Policy/.test(message.text())) violations.push(message.text());
    });
    page.on('dialog', (dialog) => {
      fired.push(`dialog ${dialog.message()}`);
      void dialog.dismiss();
    });
    await signIn(page);
    const screens = [
      '/',
      '/projects',
      `/projects/${projectId}`,
      `/projects/${projectId}?view=graph`,
      ...['expansion', 'notes', 'history', 'timeline', 'sharing'].map(
        (view) => `/projects/${projectId}?view=${view}`,
      ),
      '/crawls?state=done',
      '/imports',
      '/brands',
      `/compare?a=${captureId}&b=${HOST}`,
      '/alerts',
      '/settings',
      `/captures/${captureId}`,
      ...[
        'requests',
        'hosts',
        'source',
        'console',
        'cookies',
        'storage',
        'certificates',
        'downloads',
        'links',
        'differences',
        'sockets',
        'visits',
      ].map((tab) => `/captures/${captureId}?tab=${tab}`),
      `/artifact?value=${HOST}`,
      ...['cookies', 'files', 'trackers', 'host-pairs', 'fingerprints'].map(
        (tab) => `/artifact?value=${HOST}&tab=${tab}`,
      ),
      `/?q=${encodeURIComponent(HOST)}`,
      ...SHAPES.slice(0, 6).map((shape) => `/?q=${encodeURIComponent(shape(`${CANARY}(\`query\`)`))}`),
      ...SHAPES.slice(0, 6).map(
        (shape) => `/artifact?value=${encodeURIComponent(shape(`${CANARY}(\`value\`)`))}`,
      ),
    ];
    for (const address of screens) await look(page, address);
    const { path } = (await api('POST', `/api/projects/${projectId}/guest-links`, {})) as { path: string };
    const guests = await browser.newContext();
    guests.setDefaultTimeout(PATIENCE_MS);
    await guests.exposeFunction(CANARY, (where: string) => void fired.push(`guest ${where}`));
    const guest = await guests.newPage();
    await guest.goto(server.url + path);
    await guest.waitForURL('**/guest/*');
    await guest.getByRole('heading', { name: 'Timeline' }).waitFor();
    await guests.close();
    assert.deepEqual(fired, []);
    assert.deepEqual(violations, [], 'hostile text reached a sink that only the policy shut');
    assert.equal(opened.length, screens.length);
  },
);

test(
  'what a browser is told keeps the app in no frame, runs its own scripts only, and serves captures as attachments',
  {
    skip,
  },
  async () => {
    for (const path of ['/', '/projects', '/sign-in', `/captures/${captureId}`]) {
      const { status, headers } = await server.call('GET', path, { key: null });
      const policy = String(headers['content-security-policy']);
      assert.equal(status, 200, path);
      for (const part of [
        "default-src 'self'",
        "script-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
      ])
        assert.ok(policy.split('; ').includes(part), `${path}: ${policy}`);
      assert.ok(!/unsafe|\*|https?:/.test(policy), policy);
      assert.equal(headers['x-frame-options'], 'DENY');
      assert.equal(headers['x-content-type-options'], 'nosniff');
    }
    for (const path of [`/api/captures/${captureId}/bundle`, `/api/captures/${captureId}/downloads/zip`]) {
      const { headers } = await server.call('GET', path);
      assert.match(String(headers['content-disposition']), /^attachment; filename="[\w.-]+"$/);
      assert.equal(headers['content-security-policy'], 'sandbox');
      assert.equal(headers['x-content-type-options'], 'nosniff');
    }
    // Another origin frames it in vain.
    const page = await context.newPage();
    await page.route('https://framing.example/', (route) =>
      route.fulfill({ contentType: 'text/html', body: `<iframe src="${server.url}/sign-in"></iframe>` }),
    );
    await page.goto('https://framing.example/');
    await page.waitForTimeout(500);
    const framed = page.frames().find((frame) => frame !== page.mainFrame());
    assert.equal(
      await framed
        ?.locator('form')
        .count()
        .catch(() => 0),
      0,
    );
    await page.close();
  },
);

test(
  'paths that climb out of the app lead to its page or nowhere, and its files keep their types',
  { skip },
  async () => {
    for (const path of [
      '/..%2f..%2fpackage.json',
      '/%2e%2e/%2e%2e/package.json',
      '/assets/../../package.json',
      '/assets/..%5c..%5cpackage.json',
      '/assets/%00.js',
      '/../../../../etc/passwd',
      '/api/../../etc/passwd',
    ]) {
      const reply = await server.call('GET', path, { key: null });
      assert.ok(!reply.bytes.includes('"adit"') && !reply.bytes.includes('root:'), path);
      assert.ok([200, 400, 404].includes(reply.status), `${path}: ${reply.status}`);
    }
    const page = (await server.call('GET', '/', { key: null })).bytes.toString();
    const script = /src="(\/assets\/[^"]+\.js)"/.exec(page)![1]!;
    const { headers } = await server.call('GET', script, { key: null });
    assert.match(String(headers['content-type']), /^text\/javascript/);
    assert.match(String(headers['cache-control']), /immutable/);
  },
);

async function signIn(page: Page): Promise<void> {
  const { path } = (await api('POST', `/api/users/${LOCAL_USER.id}/sign-in-links`)) as { path: string };
  await page.goto(server.url + path);
  await page.waitForURL(`${server.url}/`);
}

/** Opens a screen, waits until it asked for all it shows, and points at and focuses what is there. */
async function look(page: Page, address: string): Promise<void> {
  await page.goto(server.url + address);
  await page.locator('#main').waitFor();
  // The stream of events keeps the network from ever being idle.
  await page.waitForTimeout(400);
  for (const button of await page.locator('#main [role=tab], #main summary').all())
    await button.click({ timeout: 1_000 }).catch(() => {});
  await page.keyboard.press('Tab');
  opened.push(address);
}

async function api(method: string, path: string, body?: object): Promise<unknown> {
  const reply = await server.call(method, path, { ...(body !== undefined && { body }) });
  assert.ok(reply.status < 300, `${method} ${path}: ${reply.status} ${reply.bytes}`);
  return reply.bytes.length === 0 ? undefined : reply.json();
}

async function takeHostileCapture(): Promise<string> {
  const { workbench } = server;
  const start = `https://${HOST}/`;
  await using source = new SourceFixture(start);
  const titles = payloads('title');
  const page = `<!doctype html><title>${titles.join(' ')}</title>${payloads('html').join('\n')}<a href="https://${HOST}/next">x</a>`;
  const html: [string, string][] = [['Content-Type', 'text/html; charset=utf-8']];
  const main = source.exchange({
    url: start,
    status: 200,
    headers: [...html, ...payloads('header').map((value, n): [string, string] => [`X-Field-${n}`, value])],
    body: Buffer.from(page),
    resourceType: 'Document',
    isMainFrame: true,
    frame: 'main',
  });
  for (const [n, payload] of payloads('url').entries())
    source.exchange({
      url: `https://${HOST}/${n}/${encodeURI(payload)}?q=${payload.replaceAll(' ', '+')}#${payload.replaceAll(' ', '')}`,
      status: 200,
      statusText: payload,
      headers: [['Content-Type', `text/css; ${payload}`]],
      body: Buffer.from(payload),
      resourceType: 'Stylesheet',
      frame: 'main',
    });
  for (const name of payloads('file name'))
    source.download(`blob:https://${HOST}/${randomUUID()}`, Buffer.from(name));
  const names = payloads('file name');
  const id = randomUUID();
  source.set({
    id,
    title: titles.join(' '),
    documents: [
      { id: 0, url: start, title: titles.join(' '), frame: 'main', isMainFrame: true, exchange: main },
    ],
    downloads: source.capture.downloads.map((download, n) => ({ ...download, suggestedName: names[n]! })),
    console: payloads('console').map((text) => ({ kind: 'error', text, at: '2017-11-20T10:00:01.000Z' })),
    cookies: payloads('cookie').map((value, n) => ({
      name: `${n}${value}`,
      value,
      domain: HOST,
      path: value,
      secure: false,
      httpOnly: false,
      setBy: { kind: 'header' as const, exchange: main },
    })),
    storage: payloads('storage').map((value) => ({ origin: start, kind: 'local', key: value, value })),
  });
  const kept = await keepCapture(source, workbench.captures, 'byHash');
  await workbench.take(kept);
  return id;
}

async function makeHostileProject(): Promise<string> {
  const names = payloads('project name');
  const { id } = (await api('POST', '/api/projects', { name: names.join(' ').slice(0, 200) })) as {
    id: string;
  };
  for (const name of names)
    await api('POST', '/api/projects', { name: name.slice(0, 200), description: name });
  const tags = payloads('tag').map((tag) => tag.slice(0, 100));
  const notes = payloads('notes').join('\n\n');
  await api('PATCH', `/api/projects/${id}`, { notes, tags, description: notes });
  for (const value of [HOST, ...payloads('mail')])
    await api('PUT', `/api/projects/${id}/artifacts`, {
      value,
      status: 'confirmed',
      reason: `named in “${value}”`,
      notes: value,
      tags: [value.slice(0, 100)],
    });
  for (const text of payloads('mail'))
    await api('POST', '/api/recognise', {
      text: `Subject: ${text}\nFrom: "${text}" <a@lure.example>\n\n${text}`,
    });
  return id;
}
