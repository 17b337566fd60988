import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request, Agent, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Host } from '#model';
import { keepCapture, openWorkbench, type KeptCapture, type Workbench } from '#pipeline';
import { startServer, type ServerOptions } from '#server';
import { SourceFixture } from '../src/archive/capture-source-fixture.ts';

/** What came back. */
export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  json(): unknown;
}

export interface CallOptions {
  /** Default: a key with every scope; null: none. */
  readonly key?: string | null;
  /** JSON. */
  readonly body?: unknown;
  /** Sent as it is, in place of `body`. */
  readonly raw?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A server on real stores, all its own. */
export interface TestServer extends AsyncDisposable {
  readonly url: string;
  readonly workbench: Workbench;
  readonly faults: readonly unknown[];
  /** The path is sent as it stands, dots and all. */
  call(method: string, path: string, options?: CallOptions): Promise<Reply>;
}

export async function openTestServer(
  options: Pick<ServerOptions, 'appFolder' | 'publicUrl' | 'playDemo'> = {},
): Promise<TestServer> {
  const directory = await mkdtemp(join(tmpdir(), 'adit-server-'));
  const workbench = await openWorkbench({ directory });
  const localKey = randomUUID();
  const faults: unknown[] = [];
  const server = await startServer({
    ...options,
    workbench,
    importFolders: [directory],
    version: '0',
    localKey,
    onFault: (error) => faults.push(error),
  });
  const agent = new Agent({ keepAlive: true });
  const { port } = new URL(server.url);
  return {
    url: server.url,
    workbench,
    faults,
    call: (method, path, { key = localKey, body, raw, headers = {} } = {}) => {
      const content = raw ?? (body === undefined ? undefined : JSON.stringify(body));
      return new Promise((resolve, reject) => {
        const sent = request({
          agent,
          host: '127.0.0.1',
          port,
          method,
          path,
          headers: {
            ...(key !== null && { authorization: `Bearer ${key}` }),
            ...(content !== undefined && {
              'content-type': 'application/json',
              'content-length': Buffer.byteLength(content),
            }),
            ...headers,
          },
        });
        sent.once('error', reject);
        sent.once('response', (response) => {
          const parts: Buffer[] = [];
          const isStream = response.headers['content-type'] === 'text/event-stream';
          response.on('data', (part: Buffer) => {
            parts.push(part);
            if (isStream) response.destroy(); // it would go on for ever: its beginning is the reply
          });
          if (isStream) response.once('close', () => response.emit('end'));
          response.once('error', reject);
          response.once('end', () => {
            const bytes = Buffer.concat(parts);
            resolve({
              status: response.statusCode!,
              headers: response.headers,
              bytes,
              json: () => JSON.parse(bytes.toString('utf8')) as unknown,
            });
          });
        });
        sent.end(content);
      });
    },
    async [Symbol.asyncDispose]() {
      agent.destroy();
      await server[Symbol.asyncDispose]();
      await workbench[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** The smallest PNG. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=',
  'base64',
);

/** A small capture of a page that loads a script and an image from another host. */
export async function takeCapture(workbench: Workbench, host: Host, brand: Host): Promise<KeptCapture> {
  await using source = new SourceFixture(`https://${host}/`);
  const page = `<!doctype html><title>A page</title>\n<script src="https://${brand}/app.js"></script>\n<img src="https://${brand}/logo.png">`;
  const headers: [string, string][] = [['Content-Type', 'text/html']];
  const exchange = source.exchange({
    url: `https://${host}/`,
    status: 200,
    headers,
    body: Buffer.from(page),
    resourceType: 'Document',
    isMainFrame: true,
    frame: 'main',
  });
  source.attachments.set('adit/documents/0-loaded.html', Buffer.from(page.replace('A page', 'Changed')));
  source.attachments.set('adit/screenshots/0.png', PIXEL);
  source.set({
    id: randomUUID(),
    documents: [
      {
        id: 0,
        url: `https://${host}/`,
        frame: 'main',
        isMainFrame: true,
        exchange,
        loaded: 'adit/documents/0-loaded.html',
      },
    ],
    screenshots: [
      {
        kind: 'viewport',
        path: 'adit/screenshots/0.png',
        width: 1,
        height: 1,
        at: source.capture.startedAt,
      },
    ],
  });
  source.download(`blob:https://${host}/0`, Buffer.from('MZ, and then a program'));
  const kept = await keepCapture(source, workbench.captures, 'byHash');
  await workbench.take(kept);
  return kept;
}

/** A WARC of a page that shows an image of another host; gives where it lies. */
export async function writeArchive(folder: string, host = 'archived.example'): Promise<string> {
  const record = (type: string, block: string): Buffer =>
    gzipSync(
      `WARC/1.1\r\nWARC-Type: ${type}\r\nWARC-Target-URI: https://${host}/\r\nWARC-Date: 2017-11-20T10:00:00Z\r\n` +
        `Content-Type: application/http; msgtype=${type}\r\nContent-Length: ${block.length}\r\n\r\n${block}\r\n\r\n`,
    );
  const path = join(folder, `${host}.warc.gz`);
  const page =
    'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<title>x</title>\n<img src=https://images.example/x.png>';
  const request = 'GET / HTTP/1.1\r\nUser-Agent: crawler\r\n\r\n';
  await writeFile(path, Buffer.concat([record('request', request), record('response', page)]));
  return path;
}
