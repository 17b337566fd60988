import { createHash } from 'node:crypto';
import { z } from 'zod';
import { dataPackageSchema } from './data-package.ts';
import { ArchiveError } from './errors.ts';
import type { ZipReader } from './zip-reader.ts';

const MAX_MANIFEST_BYTES = 64 * 1024 * 1024;
/** Largest file inside that is compressed, and so has to be unpacked to be digested. */
const MAX_PACKED_BYTES = 256 * 1024 * 1024;
const PIECE_BYTES = 1024 * 1024;

/**
 * Checks every file inside a WACZ against its manifest, and the manifest against its digest (WACZ 1.1.1 §5.2.4), one phrase
 * each. Empty: all is as it was written. Throws `ArchiveError` where the ZIP itself is damaged.
 */
export function manifestFaults(zip: ZipReader): string[] {
  const manifest = zip.entry('datapackage.json');
  if (manifest === undefined) return ['datapackage.json: missing'];
  const bytes = zip.read(manifest, MAX_MANIFEST_BYTES);
  const parsed = dataPackageSchema.safeParse(parseJson(zip, 'datapackage.json', bytes));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return [
      `datapackage.json: ${issue === undefined ? 'not valid' : `${issue.path.join('.')}: ${issue.message}`}`,
    ];
  }
  const problems: string[] = [];
  const listed = new Map(parsed.data.resources.map((resource) => [resource.path, resource]));
  for (const name of zip.names) {
    if (name.startsWith('datapackage')) continue;
    const resource = listed.get(name);
    if (resource === undefined) problems.push(`${name}: not in the manifest`);
    else if (digestOf(zip, name, resource.hash) !== resource.hash) problems.push(`${name}: digest differs`);
    listed.delete(name);
  }
  for (const path of listed.keys()) problems.push(`${path}: missing`);
  if (manifestDigest(zip) !== digest([bytes], 'sha256')) problems.push('datapackage.json: digest differs');
  return problems;
}

function digestOf(zip: ZipReader, name: string, expected: string): string {
  const algorithm = expected.startsWith('md5:') ? 'md5' : 'sha256';
  const entry = zip.entry(name)!; // a name of this ZIP
  if (entry.method !== 0) return digest([zip.read(entry, MAX_PACKED_BYTES)], algorithm);
  const { offset, length } = zip.rangeOf(entry);
  const pieces = function* (): Generator<Uint8Array> {
    for (let at = 0; at < length; at += PIECE_BYTES) {
      yield zip.readRange(offset + at, Math.min(PIECE_BYTES, length - at));
    }
  };
  return digest(pieces(), algorithm);
}

function manifestDigest(zip: ZipReader): string | undefined {
  const entry = zip.entry('datapackage-digest.json');
  if (entry === undefined) return undefined;
  const json = parseJson(zip, entry.name, zip.read(entry, MAX_MANIFEST_BYTES));
  return z.object({ hash: z.string() }).safeParse(json).data?.hash;
}

function parseJson(zip: ZipReader, name: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8'));
  } catch (error) {
    throw new ArchiveError('archive-no-capture', `${name} is no JSON`, { file: zip.path }, error);
  }
}

function digest(pieces: Iterable<Uint8Array>, algorithm: 'md5' | 'sha256'): string {
  const hash = createHash(algorithm);
  for (const piece of pieces) hash.update(piece);
  return `${algorithm}:${hash.digest('hex')}`;
}
