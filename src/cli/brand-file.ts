import { readFile } from 'node:fs/promises';
import type { Brand } from '#lookalike';
import { AditError } from '#model';
import { z } from 'zod';

/** A file of more is no list of brands. */
const MAX_BYTES = 200e6;

const text = z.string().trim().min(1).max(500);
const texts = z.array(text).max(10_000);

/** A brand as users write it in JSON: one `domain` will do. */
const entrySchema = z.union([
  text.transform((domain) => ({ domains: [domain] })),
  z
    .object({
      id: text.optional(),
      domain: text.optional(),
      domains: texts.optional(),
      name: text.optional(),
      names: texts.optional(),
      owned: texts.optional(),
      keywords: texts.optional(),
    })
    .transform(({ id, domain, domains = [], name, names = [], owned, keywords }) => ({
      id,
      domains: domain === undefined ? domains : [domain, ...domains],
      names: name === undefined ? names : [name, ...names],
      owned,
      keywords,
    })),
]);

/**
 * A file of brands: JSON (an array, or `{"brands": […]}`), JSON a line, or text: a brand a line, its domain first, after it domains
 * that it owns, separated by spaces or commas; `#` begins a comment. Throws `missing-file`, `bad-brands`.
 */
export async function readBrands(path: string): Promise<Brand[]> {
  const content = (await readWhole(path)).replace(/^\ufeff/, '').trim();
  const brands = parseBrands(content, path);
  if (brands.length === 0)
    throw new AditError('bad-brands', `${path} has no brand in it.`, {
      advice: 'Write a domain a line, e.g. example.org.',
    });
  return brands;
}

/** Lines of a file that are no comment, e.g. a list of popular domains. */
export async function readList(path: string): Promise<string[]> {
  const content = await readWhole(path);
  return content
    .split(/\r?\n/)
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '')
    .map((line) => line.slice(line.lastIndexOf(',') + 1)); // rank,domain
}

async function readWhole(path: string): Promise<string> {
  try {
    const bytes = await readFile(path);
    if (bytes.length <= MAX_BYTES) return bytes.toString('utf8');
  } catch (cause) {
    throw new AditError('missing-file', `${path} cannot be read.`, { advice: 'Check the path.', cause });
  }
  throw new AditError('bad-brands', `${path} is larger than ${MAX_BYTES / 1e6} MB.`);
}

function parseBrands(content: string, path: string): Brand[] {
  if (content.startsWith('[')) return parseEntries(parseJson(content, path), path);
  if (!content.startsWith('{')) return content.split(/\r?\n/).flatMap(parseLine);
  const whole = tryJson(content);
  if (whole === undefined)
    return parseEntries(
      content
        .split(/\r?\n/)
        .filter((line) => line.trim() !== '')
        .map((line) => parseJson(line, path)),
      path,
    );
  const { brands } = whole as { brands?: unknown }; // an object: it begins with a brace
  return parseEntries(brands ?? [whole], path);
}

function tryJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}

function parseJson(content: string, path: string): unknown {
  const value = tryJson(content);
  if (value === undefined) throw new AditError('bad-brands', `${path} is not valid JSON.`);
  return value;
}

function parseEntries(value: unknown, path: string): Brand[] {
  const parsed = z.array(entrySchema).safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AditError('bad-brands', `${path}: brand ${Number(issue?.path[0] ?? 0) + 1} is not one.`, {
    advice: 'It takes {"domain": "example.org", "names": […], "owned": […], "keywords": […]}.',
  });
}

function parseLine(line: string): Brand[] {
  const [domain, ...owned] = line
    .replace(/#.*/, '')
    .trim()
    .split(/[\s,;]+/);
  return domain === '' ? [] : [{ domains: [domain], owned: owned.filter((each) => each !== '') }];
}
