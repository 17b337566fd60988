import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { openCore } from './index.ts';

const folder = join(
  process.env['ADIT_DATA'] ?? join(import.meta.dirname, '../../../../shared/data'),
  'html5lib/tokenizer',
);

interface Html5libCase {
  readonly description: string;
  readonly input: string;
  readonly output: readonly (readonly unknown[])[];
  readonly initialStates?: readonly string[];
  readonly lastStartTag?: string;
  readonly doubleEscaped?: boolean;
}

/**
 * What to write before the input, so that the scanner stands in a state of the tokenizer; it has no other way in. A case
 * that names no element has no end tag that ends the state: any element of that state will do.
 */
function prefixOf(state: string, element: string | undefined): string | undefined {
  switch (state) {
    case 'Data state':
      return '';
    case 'PLAINTEXT state':
      return '<plaintext>';
    case 'CDATA section state':
      return '<svg><![CDATA[';
    case 'RCDATA state':
      return /^(?:title|textarea|xmp)$/.test((element ??= 'textarea')) ? `<${element}>` : undefined;
    case 'RAWTEXT state':
      return /^(?:style|xmp|iframe|noembed|noframes)$/.test((element ??= 'style'))
        ? `<${element}>`
        : undefined;
    default:
      return (element ?? 'script') === 'script' ? '<script>' : undefined;
  }
}

/** Start tags after which a scanner that follows the tree builder reads on in another state than the bare tokenizer. */
const SWITCHING = /^(?:script|style|title|textarea|xmp|iframe|noembed|noframes|plaintext|svg|math)$/;

test(
  'html5lib tokenizer cases: tags, comments and values that the core reads',
  {
    skip: !existsSync(folder) && 'ADIT_DATA is absent',
  },
  (t) => {
    const core = openCore();
    const failures: string[] = [];
    const leftOut: string[] = [];
    let [passed, values] = [0, 0];
    for (const { each, file } of cases()) {
      const input = each.doubleEscaped ? unescape(each.input) : each.input;
      const output = each.doubleEscaped
        ? (JSON.parse(JSON.stringify(each.output).replaceAll('\\\\u', '\\u')) as Html5libCase['output']) // same shape
        : each.output;
      for (const state of each.initialStates ?? ['Data state']) {
        const prefix = prefixOf(state, each.lastStartTag);
        const reason = reasonAgainst(prefix, input, output);
        if (prefix === undefined || reason !== undefined)
          leftOut.push(`${file} [${state}] ${each.description}: ${reason}`);
        else {
          const expected = {
            tags: countTags(output) + countOf(prefix, '<') - countOf(prefix, '<!'),
            comments: comments(output),
          };
          const facts = core.page(
            Buffer.from(prefix + input),
            'https://page.test/',
            'text/html; charset=utf-8',
          );
          const found = Array.from(facts.spans()).filter(({ kind }) => kind === 'comment');
          const actual = {
            tags: facts.tags,
            comments: found.map(({ start, end }) => normalised(facts.text(start, end))),
          };
          if (JSON.stringify(actual) === JSON.stringify(expected)) passed++;
          else
            failures.push(
              `${file} [${state}] ${each.description}: ${JSON.stringify({ input, expected, actual })}`,
            );
        }
      }
      // The first attribute of `<h a…>` becomes a link's address: its value must be the one expected.
      const attributes = output[0]?.[0] === 'StartTag' ? (output[0][2] as Record<string, string>) : {}; // the suite's shape
      if (!/^<h a ?=/.test(input) || attributes['a'] === undefined || attributes['a'].trim() === '') continue;
      const facts = core.page(
        Buffer.from(input.replace('<h a', '<a href')),
        'https://page.test/',
        'text/html; charset=utf-8',
      );
      const [link] = facts.links();
      if (link?.value === attributes['a']) values++;
      else failures.push(`${file} value of ${JSON.stringify(input)}: ${JSON.stringify(link?.value)}`);
    }
    t.diagnostic(`${passed} passed, ${values} values`);
    t.diagnostic('left out: xmlViolation.test: coercion to XML is an option of tree builders');
    for (const each of leftOut) t.diagnostic(`left out: ${each}`);
    assert.deepEqual(failures, []);
    assert.ok(passed > 7_000 && values > 10 && leftOut.length <= 10);
  },
);

/** Why a case cannot be put to a scanner of whole pages; undefined where it can. */
function reasonAgainst(
  prefix: string | undefined,
  input: string,
  output: Html5libCase['output'],
): string | undefined {
  if (prefix === undefined) return 'no element of a page leads to this state with this end tag';
  if (output.some(([kind, name]) => kind === 'StartTag' && SWITCHING.test(String(name))))
    return 'has a start tag after which a page is read on in another state';
  return input.isWellFormed() ? undefined : 'UTF-8 has no lone surrogates';
}

function* cases(): Generator<{ file: string; each: Html5libCase }> {
  // Coercion to XML is an option of tree builders, not of the tokenizer.
  for (const file of readdirSync(folder).filter(
    (name) => name.endsWith('.test') && name !== 'xmlViolation.test',
  )) {
    const { tests = [] } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { tests?: Html5libCase[] }; // the suite's shape
    for (const each of tests) yield { file, each };
  }
}

function countTags(output: Html5libCase['output']): number {
  return output.filter(([kind]) => kind === 'StartTag' || kind === 'EndTag').length;
}

function countOf(text: string, part: string): number {
  return text.split(part).length - 1;
}

function comments(output: Html5libCase['output']): unknown[] {
  return output.filter(([kind]) => kind === 'Comment').map(([, content]) => content);
}

function normalised(content: string): string {
  return content.replace(/\r\n?/g, '\n').replaceAll('\0', '\u{fffd}');
}

function unescape(text: string): string {
  return text.replace(/\\u([0-9A-Fa-f]{4})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
