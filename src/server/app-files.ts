import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};
const COMPRESSIBLE = /^(?:text\/|application\/json|image\/svg)/;
const MIN_COMPRESSED = 1_000;

/**
 * What the app's pages may do: use this server, and nothing inline. Images also come as blobs and data that the app makes itself.
 * Style attributes that scripts set go through the object model and need no exception.
 */
const APP_POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "object-src 'none'",
  "frame-src 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
].join('; ');

interface AppFile {
  readonly type: string;
  readonly bytes: Buffer;
  readonly isImmutable: boolean;
  brotli?: Promise<Buffer>;
  gzip?: Promise<Buffer>;
}

/**
 * Serves the built app: its files by their names as they were when the server started, so that no path leads elsewhere, and its
 * page for every address that is none of the API's. Files below `assets/` have their hash in their name and never change.
 */
export async function addAppFiles(app: FastifyInstance, folder: string): Promise<void> {
  const files = new Map<string, AppFile>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const type = MEDIA_TYPES[extname(entry.name)];
    if (!entry.isFile() || type === undefined) continue;
    const path = join(entry.parentPath, entry.name);
    const name = `/${relative(folder, path).split(sep).join('/')}`;
    files.set(name, { type, bytes: await readFile(path), isImmutable: name.startsWith('/assets/') });
  }
  const page = files.get('/index.html');
  if (page === undefined) return;
  files.delete('/index.html');
  for (const [name, file] of files) app.get(name, (request, reply) => sendFile(request, reply, file));
  // The app's own addresses; a missing file of its is missing, not a page.
  app.get('/*', (request, reply) => {
    const path = request.url.split('?')[0]!;
    const isFile = /\.\w{1,8}$/.test(path) || path.startsWith('/assets/');
    return isFile || /^\/api(?:\/|$)/.test(path) ? reply.callNotFound() : sendFile(request, reply, page);
  });
}

async function sendFile(request: FastifyRequest, reply: FastifyReply, file: AppFile): Promise<FastifyReply> {
  reply
    .header('content-security-policy', APP_POLICY)
    .header('cache-control', file.isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache')
    .header('vary', 'accept-encoding')
    .type(file.type);
  if (!COMPRESSIBLE.test(file.type) || file.bytes.length < MIN_COMPRESSED) return reply.send(file.bytes);
  const accepted = String(request.headers['accept-encoding'] ?? '');
  if (/\bbr\b/.test(accepted)) return reply.header('content-encoding', 'br').send(await brotliOf(file));
  if (/\bgzip\b/.test(accepted)) return reply.header('content-encoding', 'gzip').send(await gzipOf(file));
  return reply.send(file.bytes);
}

/** Compressed when it is first asked for, and kept. */
function brotliOf(file: AppFile): Promise<Buffer> {
  return (file.brotli ??= promisify(brotliCompress)(file.bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: file.bytes.length },
  }));
}

function gzipOf(file: AppFile): Promise<Buffer> {
  return (file.gzip ??= promisify(gzip)(file.bytes));
}
