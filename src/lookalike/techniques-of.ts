import type { Edit } from './alignment.ts';
import { COSTS } from './distance.ts';
import type { Evidence } from './evidence.ts';
import { LETTERS, scriptOf } from './letters.ts';
import type { NameLabel } from './read-name.ts';
import type { Technique } from './verdict.ts';

/** What was done, what weighs most first. */
export function techniquesOf(evidence: Evidence, label: NameLabel): Technique[] {
  const { form, place, hyphens, edits, foreign } = evidence;
  const found = new Set<Technique>();
  if (foreign.length > 0) found.add(scriptTechnique(evidence, label));
  for (const edit of edits) found.add(editTechnique(edit));
  const isWord = form === 'word' || form === 'glued' || form === 'inside';
  if (evidence.isFollowedBySuffix && place === 'subdomain') found.add('subdomain-deception');
  else if (form === 'affixed' || evidence.isFollowedBySuffix) found.add('missing-dot');
  if (hyphens > 0) found.add('hyphenation');
  if (isWord) {
    found.add('combo');
    if ((label.points?.some((point) => point >= 0x80) ?? false) && foreign.length === 0)
      found.add(scriptTechnique(evidence, label));
  }
  if (place === 'hosting' || place === 'tenant') found.add('brand-on-hosting');
  else if (place === 'subdomain' && !evidence.isFollowedBySuffix) found.add('brand-in-subdomain');
  if (place === 'registrable' && form === 'whole' && !evidence.brand.suffixes.has(evidence.suffix))
    found.add('tld-swap');
  return [...found];
}

/** What kind of letters a label outside ASCII mixes. */
function scriptTechnique({ foreign }: Evidence, { points = [] }: NameLabel): Technique {
  const scripts = new Set(points.map(scriptOf).filter((script) => script !== undefined));
  if (scripts.size > 1) return 'idn-mixed-script';
  if (!scripts.has('Latin')) return 'idn-whole-script';
  const concerned =
    foreign.length > 0 ? foreign.map(({ point }) => point) : points.filter((point) => point >= 0x80);
  return concerned.every((point) => (LETTERS.get(point)?.kind ?? 'diacritic') === 'diacritic')
    ? 'idn-diacritic'
    : 'idn-single-script';
}

const isLetter = (code: number): boolean => code >= 0x61 && code <= 0x7a;

function editTechnique(edit: Edit): Technique {
  switch (edit.kind) {
    case 'omission':
    case 'insertion':
    case 'repetition':
    case 'transposition':
      return `typo:${edit.kind}`;
    case 'pair':
      return edit.cost <= COSTS.homoglyph ? 'ascii-homoglyph' : 'typo:substitution';
    case 'substitution': {
      if (edit.cost <= COSTS.homoglyph) return 'ascii-homoglyph';
      const difference = edit.text.charCodeAt(0) ^ edit.meant.charCodeAt(0);
      if (edit.cost === COSTS.keyboard) return 'typo:keyboard';
      if (edit.cost === COSTS.vowel) return 'typo:vowel';
      const isOneBit = (difference & (difference - 1)) === 0 && isLetter(edit.meant.charCodeAt(0));
      return isOneBit && edit.cost > COSTS.similar ? 'typo:bitsquat' : 'typo:substitution';
    }
  }
}
