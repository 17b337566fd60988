import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { asciiLower, decodeAttributeValue, decodeCharacterData } from './characters.ts';
import type { Tag } from './tag.ts';
import { tokenizeHtml, type TextKind, type TokenizerOptions } from './tokenizer.ts';

const dataFolder = join(
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

const KIND_OF_STATE: Readonly<Record<string, TextKind>> = {
  'Data state': 'data',
  'RCDATA state': 'rcdata',
  'RAWTEXT state': 'rawtext',
  'Script data state': 'script',
  'PLAINTEXT state': 'plaintext',
  'CDATA section state': 'cdata',
};

/** Stands for NUL while character references are decoded; no case holds it. */
const NUL_MARK = '\u{fdd0}nul\u{fdd0}';

/** Left out, and why. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  'xmlViolation.test': 'coercion to XML is an option of tree builders, not of the tokenizer',
};

test('html5lib tokenizer cases', { skip: !existsSync(dataFolder) && 'ADIT_DATA is absent' }, (t) => {
  let passed = 0;
  const failures: string[] = [];
  for (const file of readdirSync(dataFolder).filter((name) => name.endsWith('.test'))) {
    if (file in LEFT_OUT) continue;
    const { tests = [] } = JSON.parse(readFileSync(join(dataFolder, file), 'utf8')) as {
      tests?: Html5libCase[];
    }; // the suite's shape
    for (const each of tests) {
      for (const state of each.initialStates ?? ['Data state']) {
        const expected = expectedTokens(each);
        const actual = actualTokens(each, KIND_OF_STATE[state]!);
        if (JSON.stringify(actual) === JSON.stringify(expected)) passed++;
        else failures.push(`${file} [${state}] ${each.description}: ${JSON.stringify({ expected, actual })}`);
      }
    }
  }
  t.diagnostic(`${passed} passed`);
  for (const [file, reason] of Object.entries(LEFT_OUT)) t.diagnostic(`left out: ${file}: ${reason}`);
  assert.deepEqual(failures, []);
  assert.ok(passed > 6_000);
});

function unescape(text: string): string {
  return text.replace(/\\u([0-9A-Fa-f]{4})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** Doctype details are not read by this tokenizer: only that a doctype is there. */
function expectedTokens({ output, doubleEscaped }: Html5libCase): unknown[] {
  const tokens = doubleEscaped
    ? (JSON.parse(unescapeJson(JSON.stringify(output))) as Html5libCase['output'])
    : output; // same shape
  return tokens.map((token) => (token[0] === 'DOCTYPE' ? ['DOCTYPE'] : token));
}

function unescapeJson(json: string): string {
  return json.replaceAll('\\\\u', '\\u');
}

function actualTokens({ input, lastStartTag, doubleEscaped }: Html5libCase, kind: TextKind): unknown[] {
  const text = doubleEscaped ? unescape(input) : input;
  const tokens: unknown[][] = [];
  const options: TokenizerOptions = {
    followsElements: false,
    begin: { kind, ...(lastStartTag !== undefined && { element: lastStartTag }) },
  };
  const addText = (content: string): void => {
    const last = tokens.at(-1);
    if (last?.[0] === 'Character') last[1] = `${String(last[1])}${content}`;
    else if (content !== '') tokens.push(['Character', content]);
  };
  tokenizeHtml(
    text,
    {
      startTag: (tag) => void tokens.push(startTagToken(tag)),
      endTag: (tag) => void tokens.push(['EndTag', replaceNul(tag.name)]),
      comment: (_start, _end, from, to) =>
        void tokens.push(['Comment', replaceNul(newlines(text.slice(from, to)))]),
      doctype: () => void tokens.push(['DOCTYPE']),
      text: (start, end, textKind) => addText(characters(text.slice(start, end), textKind)),
    },
    options,
  );
  return tokens;
}

function startTagToken(tag: Tag): unknown[] {
  const attributes: Record<string, string> = {};
  for (const [name, range] of tag.attributes()) {
    attributes[replaceNul(asciiLower(name))] = decodeAttributeValue(
      tag.text.slice(range.valueStart, range.valueEnd),
    );
  }
  return ['StartTag', replaceNul(tag.name), attributes, ...(tag.isSelfClosing ? [true] : [])];
}

/** In data and CDATA the tree builder deals with NUL, elsewhere the tokenizer replaces it. */
function characters(raw: string, kind: TextKind): string {
  if (kind === 'cdata') return newlines(raw);
  if (kind === 'data') return decodeCharacterData(raw.replaceAll('\0', NUL_MARK)).replaceAll(NUL_MARK, '\0');
  return kind === 'rcdata' ? decodeCharacterData(raw) : replaceNul(newlines(raw));
}

function newlines(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

function replaceNul(text: string): string {
  return text.replaceAll('\0', '\u{fffd}');
}
