import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { COMPONENT_RULES } from '../components/rules/index.ts';
import { TRACKER_RULES } from '../trackers/rules/index.ts';
import { inPairs, MAX_LITERALS, patternCost, PatternFault, requiredLiterals, WholeText } from './index.ts';
import { countSteps, randomSample, samplePattern } from './pattern-fixture.ts';
import { MAX_PATTERN_LENGTH, MAX_PATTERN_PATHS, RuleScan, withEscapedSlashes } from './rule-scan.ts';

/** Of the rules for texts. */
const TEXT_PATTERNS = [
  ...TRACKER_RULES.flatMap(({ patterns }) => patterns),
  ...COMPONENT_RULES.flatMap(({ urls = [], paths = [], html = [], code = [] }) => [
    ...urls,
    ...paths,
    ...html,
    ...code,
  ]),
];

describe('patternCost', () => {
  it('finds the bounds of a match', () => {
    const { minLength, maxLength } = patternCost(/ab{2,4}(?:c|def)?[x-z]/);
    assert.deepEqual([minLength, maxLength], [4, 9]);
  });

  it('sees that one unit decides every choice', () => {
    assert.equal(patternCost(/UA-\d{4,10}-\d{1,4}(?!\w)/).paths, 1);
    assert.equal(patternCost(/(?:one|two|3)\s{0,8}=/).paths, 1);
  });

  it('counts the paths of ambiguous patterns', () => {
    assert.equal(patternCost(/a{0,4}a/).paths, 5);
    assert.equal(patternCost(/(?:ab|ac)x/).paths, 2);
    assert.ok(patternCost(/(?:a{0,5}){0,5}b/).paths === Infinity);
    assert.ok(patternCost(/(?:a{1,9}b?){1,9}c/).paths > 1_000_000);
    assert.equal(patternCost(/[a-z]+/).maxLength, Infinity);
  });

  it('counts upper and lower case as the same', () => {
    assert.equal(patternCost(/[A-Z]{0,3}a/).paths, 4);
  });

  it('refuses what it cannot reason about', () => {
    assert.throws(() => patternCost(/(a)\1/), PatternFault);
    assert.throws(() => patternCost(/\p{L}/u), PatternFault);
  });
});

describe('requiredLiterals', () => {
  const literals = (pattern: RegExp): string[] => [...(requiredLiterals(pattern)?.literals ?? [])].sort();

  it('takes the longest run that every match has', () => {
    assert.deepEqual(literals(/\d{1,3}GTM-[A-Z]{4}/), ['gtm-']);
    assert.deepEqual(literals(/(?:foo|quux)bar\d/), ['foobar', 'quuxbar']);
    assert.deepEqual(literals(/https?:\/\/[a-z]{1,9}\.example/), ['.example']);
  });

  it('says how far before the literal a match can start', () => {
    assert.equal(requiredLiterals(/\d{1,3}-[a-z]{2,4}\.mktoresp/)?.before, 8);
  });

  it('drops what another literal of the set already finds', () => {
    assert.deepEqual(literals(/hjid["']?\s{0,2}\d/), ['hjid']);
  });

  it('finds none where a match can do without', () => {
    assert.equal(requiredLiterals(/(?:abc)?\d/), undefined);
    assert.equal(requiredLiterals(/abcd|\d{4}/), undefined);
  });
});

describe('rules', () => {
  const valuePatterns = [
    ...TRACKER_RULES.flatMap(({ near }) => (near === undefined ? [] : [near])),
    ...COMPONENT_RULES.flatMap(({ headers = {}, meta = {}, cookies = [] }) => [
      ...Object.values(headers),
      ...Object.values(meta),
      ...cookies,
    ]),
  ];

  it('are all bounded and unambiguous enough, and have a literal to look for', () => {
    assert.ok(TEXT_PATTERNS.length > 1_000);
    for (const pattern of TEXT_PATTERNS.map(withEscapedSlashes)) {
      const { maxLength, paths } = patternCost(pattern);
      assert.ok(maxLength <= MAX_PATTERN_LENGTH && paths <= MAX_PATTERN_PATHS, `${pattern}`);
      assert.notEqual(requiredLiterals(pattern), undefined, `${pattern}`);
    }
    for (const pattern of valuePatterns) {
      const { maxLength, paths } = patternCost(pattern);
      assert.ok(maxLength <= MAX_PATTERN_LENGTH && paths <= MAX_PATTERN_PATHS, `${pattern}`);
    }
  });

  it('cost no more steps than their bound, on texts that fail as late as possible', () => {
    for (const pattern of [...TEXT_PATTERNS.map(withEscapedSlashes), ...valuePatterns]) {
      const { maxLength, margin, paths } = patternCost(pattern);
      // Every step of a path compares one unit, and at each choice one more may fail.
      const bound = paths * (maxLength + margin + 1) * 3;
      const sample = samplePattern(pattern);
      for (const text of [sample, sample.slice(0, -1), `${sample.slice(0, -1)}\u0001`, sample.repeat(4)]) {
        const steps = countSteps(pattern, text);
        assert.ok(steps <= bound, `${pattern}: ${steps} > ${bound}`);
      }
    }
  });
});

/** A text that counts how much of it was asked for. */
class CountedText extends WholeText {
  searched = 0;

  override around(...range: Parameters<WholeText['around']>): ReturnType<WholeText['around']> {
    const found = super.around(...range);
    this.searched += found.text.length;
    return found;
  }
}

describe('RuleScan', () => {
  const rule = (pattern: RegExp) => ({ pattern, places: ['page' as const], rule: pattern.source });

  it('refuses unbounded, ambiguous and literal-free patterns', () => {
    for (const pattern of [/abc.*/, /abc(?:\w{1,20}-?){1,9}!/, /\d{4}/, /^abcd/]) {
      assert.throws(() => new RuleScan([rule(pattern)]), PatternFault, `${pattern}`);
    }
  });

  it('finds a slash as JSON writes it', () => {
    const scan = new RuleScan([rule(/hotjar\.com\/c\/(\d{3})/)]);
    const found = scan.matches('"https:\\/\\/static.hotjar.com\\/c\\/123"', 'page');
    assert.deepEqual(
      found.map(({ match }) => match[1]),
      ['123'],
    );
  });

  it('looks only where a rule is for such a place', () => {
    const scan = new RuleScan([{ ...rule(/abcd/), places: ['url'] }]);
    assert.equal(scan.matches('abcd', 'page').length, 0);
    assert.equal(scan.matches('abcd', 'url').length, 1);
  });

  it('sees what stands before and after a window', () => {
    const scan = new RuleScan([rule(/(?<!\w)key-\d{2}(?!\d)/)]);
    const offsets = scan.matches('xkey-12 key-12 key-123 \u0142key-45', 'page').map(({ offset }) => offset);
    assert.deepEqual(offsets, [8, 24]);
  });

  it('searches no unit twice for a rule, so that twice the text is twice the work', () => {
    const scan = new RuleScan([rule(/abcd\d{1,90}x/), rule(/-{0,40}efgh/)]);
    const searched = (text: string): number => {
      const found: number[] = [];
      for (const [literal, name] of scan.literals('page').entries())
        for (const { index } of text.matchAll(new RegExp(name, 'g')))
          found.push(index * MAX_LITERALS + literal);
      const counted = new CountedText(text);
      scan.matchesAround(counted, 'page', inPairs(found));
      return counted.searched;
    };
    const hostile = 'abcd111efgh--'.repeat(2_000);
    assert.ok(searched(hostile) <= 2 * (hostile.length + 200));
    assert.ok(searched(hostile + hostile) <= 2.05 * searched(hostile));
  });

  it('agrees with every pattern searched for by itself, on random texts', () => {
    const patterns = [/UA-\d{2,4}/, /(?:ab|b)cd[e1]{0,2}/, /[xy]{0,3}q[ab]c/, /\u00e4bc(?=d)/, /cde(?!e)/];
    const scan = new RuleScan(patterns.map(rule));
    const random = makeRandom(7);
    const letters = 'ABCDEUabcdexyqu-12\u00e4\u0161';
    for (let round = 0; round < 2_000; round++) {
      const text = Array.from({ length: 60 }, () => letters[Math.floor(random() * letters.length)]).join('');
      const expected = patterns.flatMap((pattern) =>
        [...text.matchAll(new RegExp(pattern.source, 'g'))].map(
          ({ 0: match, index }) => `${pattern.source} ${index} ${match}`,
        ),
      );
      const found = scan
        .matches(text, 'page')
        .map(({ rule, offset, match }) => `${rule} ${offset} ${match[0]}`);
      assert.deepEqual(found, expected, text);
    }
  });

  it('agrees with every shipped pattern searched for by itself, on texts that it matches and others like them', () => {
    const random = makeRandom(11);
    const below = (limit: number): number => Math.floor(random() * limit);
    const around = () =>
      Array.from({ length: below(4) }, () => ' "\'=/-_.:x0Q{\u00e9\u6f22'[below(15)]).join('');
    let matches = 0;
    const scan = new RuleScan(
      TEXT_PATTERNS.map((pattern) => ({ pattern, places: ['page' as const], rule: pattern })),
    );
    for (const pattern of new Set(TEXT_PATTERNS)) {
      const escaped = new RegExp(withEscapedSlashes(pattern).source, `${pattern.flags}g`);
      for (let round = 0; round < 30; round++) {
        const sample = randomSample(escaped, below);
        const cut = round % 3 === 0 ? below(sample.length) : sample.length;
        const text = `${around()}${sample.slice(0, cut)}${around()}${sample.slice(cut)}${around()}`;
        const expected = [...text.matchAll(escaped)].map(({ 0: match, index }) => `${index} ${match}`);
        const found = scan
          .matches(text, 'page')
          .filter((match) => match.rule === pattern)
          .map(({ offset, match }) => `${offset} ${match[0]}`);
        assert.deepEqual(found, expected, `${pattern} in ${text}`);
        matches += found.length;
      }
    }
    assert.ok(matches > 10_000, String(matches));
  });

  it('looks for no match where what stands near a literal rules one out', () => {
    const searched = (pattern: RegExp, text: string): number => {
      const scan = new RuleScan([rule(pattern)]);
      const counted = new CountedText(text);
      const found = scan
        .literals('page')
        .flatMap((literal, number) =>
          [...text.toLowerCase().matchAll(new RegExp(literal, 'g'))].map(
            ({ index }) => index * MAX_LITERALS + number,
          ),
        );
      scan.matchesAround(counted, 'page', inPairs(found));
      return counted.searched;
    };
    const far = ' '.repeat(50_000);
    assert.ok(searched(/abcd\d{1,90}x/, `${far}abcd1x${far}`) < 300, 'no further than a match may reach');
    assert.equal(searched(/config["'], ?(\d{3})/, 'config(x) configs reconfigured'), 0);
    assert.equal(searched(/(?<![\w-])(GTM-[A-Z0-9]{4,9})/, 'xGTM-ABCD -gtm-abcd'), 0);
    assert.equal(searched(/6L[a-z]\w{3}AAAAA/, '/images/AAAAAAAAAAAAAAAA'), 0);
    assert.ok(searched(/6L[a-z]\w{3}AAAAA/, '6LxabcAAAAA') > 0);
    assert.ok(searched(/(?<![a-z])KEY-\d/, 'AKEY-1') > 0, 'the case of what is denied counts');
    assert.ok(searched(/(?:ab)?cdef/, 'xcdef') > 0, 'a part that may be missing');
  });

  it('finds literals across the borders of chunks', () => {
    const scan = new RuleScan([rule(/needle/)]);
    for (const at of [65_530, 65_533, 65_536, 131_070]) {
      const text = `${' '.repeat(at)}needle${' '.repeat(10)}`;
      assert.deepEqual(
        scan.matches(text, 'page').map(({ offset }) => offset),
        [at],
      );
    }
  });
});

function makeRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
