import { Ajv2020 } from 'ajv/dist/2020.js';

/**
 * Requests made from the OpenAPI description alone. Candidates are values that are interesting for a schema; whether
 * the description allows each of them is asked of a JSON Schema validator, so nothing of the server's own parsing is
 * taken for granted.
 */

export interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
  readonly schema: Schema;
}

export interface Operation {
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: Schema } } };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema?: object }>> }>
  >;
}

/** What is sent, beside the method. */
export interface Input {
  readonly path?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

/** One request; `isAllowed` by the description. */
export interface Case {
  readonly what: string;
  readonly input: Input;
  readonly isAllowed: boolean;
}

/** Text that breaks programs which put it into SQL, paths, headers, patterns or pages. */
const HOSTILE: readonly string[] = [
  "'; DROP TABLE projects; --",
  '../../../../etc/passwd',
  '%2e%2e%2f%00',
  '{x:String}',
  '$1 \\',
  'a\r\nSet-Cookie: x=1',
  '<script>alert(1)</script>',
  '\u202egnp.exe \u{1f600}\u0301',
  '__proto__',
  '(a+)+$ %',
  '\u0001\u001b[2J',
  '\0',
  'half \ud800',
];

const ajv = new Ajv2020({ strict: false, validateFormats: false });

/** Whether a JSON value keeps to a schema of the description. */
export function conforms(schema: object, value: unknown): string | undefined {
  return ajv.validate(schema, value) ? undefined : ajv.errorsText();
}

export function operationsOf(description: {
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>;
}): Operation[] {
  return Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, operation]) => ({ ...operation, method: method.toUpperCase(), path }) as Operation, // its schema says so
    ),
  );
}

/** Path and query string of a request. */
export function addressOf({ path }: Operation, input: Input): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(input.path?.[name])),
  );
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(input.query ?? {}))
    for (const one of [value].flat()) query.append(name, String(one));
  return query.size === 0 ? filled : `${filled}?${query.toString()}`;
}

/** The given request with one part after another left out, set to what is interesting for it, or added unasked. */
export function casesOf(operation: Operation, base: Input): Case[] {
  const cases = operation.parameters.flatMap((parameter) => parameterCases(parameter, base));
  const body = operation.requestBody?.content['application/json'].schema;
  cases.push({
    what: 'unknown parameter',
    input: { ...base, query: { ...base.query, nonsense: 'x' } },
    isAllowed: false,
  });
  if (body !== undefined) cases.push(...bodyCases(body, base));
  return cases;
}

function parameterCases({ name, in: place, required, schema }: Parameter, base: Input): Case[] {
  const with_ = (value: unknown): Input => ({ ...base, [place]: { ...base[place], [name]: value } });
  const cases: Case[] = candidates(schema)
    .filter((value) => canStandInUrl(value) && !(place === 'path' && (value === '' || Array.isArray(value))))
    .map((value) => ({
      what: `${name} = ${shown(value)}`,
      input: with_(value),
      isAllowed: conforms(schema, asParsed(schema, value)) === undefined,
    }));
  if (place === 'query' && base.query?.[name] !== undefined)
    cases.push({
      what: `no ${name}`,
      input: { ...base, query: without(base.query, name) },
      isAllowed: !required,
    });
  return cases;
}

function bodyCases(schema: Schema, base: Input): Case[] {
  const body = (base.body ?? {}) as Record<string, unknown>; // a request with a body has an object
  const bodies: { what: string; value: unknown }[] = Object.entries(schema.properties ?? {}).flatMap(
    ([name, property]) => [
      ...candidates(property).map((value) => ({
        what: `${name} = ${shown(value)}`,
        value: { ...body, [name]: value },
      })),
      { what: `no ${name}`, value: without(body, name) },
    ],
  );
  bodies.push({ what: 'unknown field', value: { ...body, nonsense: 1 } });
  for (const value of ['text', 7, null, [body]]) bodies.push({ what: `body ${shown(value)}`, value });
  return bodies.map(({ what, value }) => ({
    what,
    input: { ...base, body: value },
    isAllowed: conforms(schema, value) === undefined,
  }));
}

/** Values at the bounds of a schema and just beyond, of its type and of others. */
function candidates(schema: Schema): unknown[] {
  if (schema.anyOf !== undefined) return schema.anyOf.flatMap(candidates);
  const others = [7.5, null, { a: 1 }, [{}], ['x', 'y'], 'nonsense', '', true];
  if (schema.enum !== undefined) return [...schema.enum, ...others];
  switch (schema.type) {
    case 'string': {
      if (schema.format !== undefined)
        return ['2024-02-29', '2023-02-29', '2017-11-17T03:27:29+01:00', '2017-11-17T25:00:00Z', ...others];
      const { minLength = 0, maxLength = 100 } = schema;
      const lengths = [minLength - 1, minLength, maxLength, maxLength + 1].filter((length) => length >= 0);
      return [...lengths.map((length) => 'x'.repeat(length)), ...HOSTILE, ...others];
    }
    case 'integer':
    case 'number': {
      const { minimum = 0, maximum = 1_000 } = schema;
      return [minimum - 1, minimum, maximum, maximum + 1, '1e3', '0x10', ' 5 ', ...others];
    }
    case 'array': {
      const { minItems = 0, maxItems = 3, items = {} } = schema;
      const item = candidates(items).find((value) => value !== '' && conforms(items, value) === undefined);
      const sizes = [minItems - 1, minItems, maxItems, maxItems + 1].filter((size) => size >= 0);
      const lists = sizes.map((size) => Array.from({ length: size }, () => item));
      return [...lists, ...candidates(items).map((value) => [value]), 'x', ...others];
    }
    case 'object':
      return [{}, ...others];
    default:
      return others;
  }
}

/** In a URL everything is text: of well-formed characters, and a list only where it has several items. */
function canStandInUrl(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 1 && value.every(canStandInUrl);
  return typeof value === 'number' || (typeof value === 'string' && value.isWellFormed());
}

/** What a parameter's text stands for under its schema. */
function asParsed(schema: Schema, value: unknown): unknown {
  if (schema.type === 'integer' && !Array.isArray(value)) return value === '' ? undefined : Number(value);
  return Array.isArray(value) ? value.map(String) : String(value);
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'undefined').slice(0, 50);
}

function without(record: object, name: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== name));
}
