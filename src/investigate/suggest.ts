import { DATASETS, parseArtifact, parseHost, refang, type Artifact, type ArtifactType } from '#model';
import { matchKeyOf, type FoundName, type ObservationStore } from '#store';
import { FIELDS, fieldInside, fieldNamed, type Field } from './query/field.ts';

/** What may stand next in a query. */
export interface Suggestion {
  readonly kind: 'field' | 'value' | 'search' | 'project' | 'tag';
  /** Stands in place of the query's characters from `start` to `end`. */
  readonly insert: string;
  readonly start: number;
  readonly end: number;
  /** For people: what it is. */
  readonly text: string;
  readonly artifact?: Artifact;
}

/** Names that people gave, by their beginning. */
export interface GivenNames {
  searches(
    start: string,
    limit: number,
  ): Promise<readonly { readonly name: string; readonly query: string }[]>;
  projects(start: string, limit: number): Promise<readonly string[]>;
  tags(start: string, limit: number): Promise<readonly string[]>;
}

const DEFAULT_LIMIT = 10;
const MAX_LIMIT = 50;
/** The word before the caret: up to a blank, bracket or quotation mark. */
const WORD = /(?:[^\s()"]|\((?:\.|dot|@|at|:)\))*$/i;
const PREFIX = /^[-!]/;

/**
 * What may stand where the caret is: fields, values of all datasets by their beginning (hosts by any of their labels),
 * saved searches, projects and tags.
 */
export async function suggest(
  store: ObservationStore,
  given: GivenNames,
  options: {
    readonly query: string;
    readonly caret?: number | undefined;
    readonly limit?: number | undefined;
  },
): Promise<Suggestion[]> {
  const limit = Math.max(1, Math.min(options.limit ?? DEFAULT_LIMIT, MAX_LIMIT));
  const end = Math.min(options.caret ?? options.query.length, options.query.length);
  const before = options.query.slice(0, end);
  const raw = wordBefore(before);
  const word = raw.replace(PREFIX, '');
  const start = end - word.length;
  const group = /([a-z][a-z0-9.-]{0,60}):?\(\s*(?:[^()]*\s)?$/i.exec(
    before.slice(Math.max(0, start - 500), start),
  )?.[1];
  const [, name, value] = /^([a-z][a-z0-9.-]{0,60}):(?!\/\/)(.*)$/is.exec(word) ?? [];
  const field =
    name === undefined
      ? undefined
      : ((group === undefined ? undefined : fieldInside(group, name)) ?? fieldNamed(name));
  if (field !== undefined)
    return suggestValues(store, given, { field, value: value!, start: end - value!.length, end, limit });
  const [values, searches, projects] = await Promise.all([
    word === '' ? [] : findValues(store, word, undefined, limit),
    given.searches(before.trim(), 3),
    word.length < 2 ? [] : given.projects(word, 3),
  ]);
  const fields = suggestFields(word, start, end).slice(0, word === '' ? limit : 5);
  return [
    ...values
      .slice(0, Math.max(3, limit - fields.length - searches.length - projects.length))
      .map((found) => ({
        kind: 'value' as const,
        insert: quoted(found.artifact.value),
        start,
        end,
        text: found.artifact.type,
        artifact: found.artifact,
      })),
    ...searches.map(({ name: text, query }) => ({
      kind: 'search' as const,
      insert: query,
      start: 0,
      end: options.query.length,
      text,
    })),
    ...projects.map((project) => ({
      kind: 'project' as const,
      insert: `project:${quoted(project)}`,
      start,
      end,
      text: project,
    })),
    ...fields,
  ].slice(0, limit);
}

function wordBefore(text: string): string {
  return WORD.exec(text.slice(-300))?.[0] ?? '';
}

function suggestFields(word: string, start: number, end: number): Suggestion[] {
  const plain = word.toLowerCase();
  const name = (field: Field): string => field.name.toLowerCase();
  return FIELDS.filter(
    (field) => name(field).startsWith(plain) || (plain.length > 1 && name(field).includes(`.${plain}`)),
  )
    .filter((field) => plain.includes('.') || plain.length > 1 || !field.name.includes('.'))
    .sort((a, b) => Number(name(b).startsWith(plain)) - Number(name(a).startsWith(plain)))
    .map((field) => ({ kind: 'field', insert: `${field.name}:`, start, end, text: field.text }));
}

async function suggestValues(
  store: ObservationStore,
  given: GivenNames,
  asked: {
    readonly field: Field;
    readonly value: string;
    readonly start: number;
    readonly end: number;
    readonly limit: number;
  },
): Promise<Suggestion[]> {
  const { field, start, end, limit } = asked;
  const value = asked.value.replace(/^"/, '');
  const as = (kind: Suggestion['kind'], insert: string, text: string, artifact?: Artifact): Suggestion => ({
    kind,
    insert: quoted(insert),
    start,
    end,
    text,
    ...(artifact !== undefined && { artifact }),
  });
  if (field.values !== undefined)
    return field.values
      .filter((each) => each.toLowerCase().startsWith(value.toLowerCase()))
      .slice(0, limit)
      .map((each) => as('value', each, field.name));
  if (field.kind === 'project')
    return (await given.projects(value, limit)).map((each) => as('project', each, 'project'));
  if (field.kind === 'tag') return (await given.tags(value, limit)).map((each) => as('tag', each, 'tag'));
  const types = typesOf(field);
  if (types === undefined || value === '') return [];
  return (await findValues(store, value, types, limit)).map(({ artifact }) =>
    as('value', artifact.value, artifact.type, artifact),
  );
}

/** What stands on the side that the field's value is compared with. */
function typesOf(field: Field): readonly ArtifactType[] | undefined {
  if (field.kind === 'host' || field.kind === 'domain') return ['host', 'ip'];
  if (field.kind === 'hash') return ['hash', 'certificate', 'text'];
  if (field.kind !== 'edge' || field.part !== 'other') return undefined;
  const type = DATASETS[field.dataset][field.own === 'source' ? 'targetType' : 'sourceType'];
  return type === 'host' || type === 'domain' ? ['host', 'ip'] : [type];
}

/** By the text as typed, and by what it stands for: a defanged or Unicode name, a URL's host. */
async function findValues(
  store: ObservationStore,
  typed: string,
  types: readonly ArtifactType[] | undefined,
  limit: number,
): Promise<FoundName[]> {
  const plain = refang(typed);
  const host = parseHost(plain);
  const artifact = parseArtifact(plain);
  const starts = new Set([plain.toLowerCase(), ...(host === undefined ? [] : [host])]);
  if (artifact?.type === 'url') starts.add(new URL(artifact.value).hostname);
  const found = await Promise.all(
    [...starts].map((start) => store.matches.findNames({ start, types, limit })),
  );
  const seen = new Set<string>();
  return found.flat().filter(({ artifact: each }) => {
    const key = matchKeyOf(each);
    return seen.has(key) ? false : seen.add(key);
  });
}

/** A value as the query language takes it. */
function quoted(value: string): string {
  return /[\s()"*?<>]|^[-!|]|\.\./.test(value) ||
    /^(?:and|or|not)$/i.test(value) ||
    /^[a-z][\w.-]*:(?!\/\/)/i.test(value)
    ? `"${value.replace(/["\\]/g, '\\$&')}"`
    : value;
}
