import type { BrandIndex } from './brand.ts';
import { displayHost, isValidIdna } from './display-policy.ts';
import { gatherEvidence, type Evidence, type Hit, type ReadName } from './evidence.ts';
import { HostScan } from './host-scan.ts';
import { KEY_VERSION } from './keys.ts';
import { lettersOf, partText } from './letters-of.ts';
import { readLabels, splitSuffix, type NameLabel, type SuffixSplit } from './read-name.ts';
import { reasonsFor } from './reasons.ts';
import { levelOf, scoreEvidence, type Scored } from './score.ts';
import { techniquesOf } from './techniques-of.ts';
import type { Imitation, Verdict } from './verdict.ts';

/** Changes whenever verdicts may differ from those of another version: what was matched as another is worth matching again. */
export const MATCH_VERSION = `1 ${KEY_VERSION}`;

const scan = new HostScan();
const folded = new Uint8Array(1_024);
const nothing: readonly Verdict[] = Object.freeze([]);

/**
 * Which brands a host name imitates: one verdict a brand, the surest first; one `own` verdict where the name is a brand's own; one
 * `malformed` verdict where the text is no name. Empty for all others. Pure; never throws, whatever the text.
 */
export function match(index: BrandIndex, text: string): readonly Verdict[] {
  const fault = scan.read(text);
  if (fault !== undefined) return [{ kind: 'malformed', host: text, fault }];
  return scan.hasAce ? matchUnicode(index) : matchAscii(index);
}

function matchAscii(index: BrandIndex): readonly Verdict[] {
  const { finder } = index;
  const split = splitSuffix(scan.name, scan.labelCount);
  finder.clear();
  for (let at = 0; at < split.labelCount; at++)
    finder.find(scan.bytes, scan.labelStarts[at], scan.labelEnds[at]);
  if (finder.count === 0) return nothing;
  const labels = readLabels(scan)!; // no Punycode in it
  return judge(index, readName(split, labels), hitsOf(index, labels));
}

/** The finder's hits, which lie in the scanned bytes. */
function hitsOf(index: BrandIndex, labels: readonly NameLabel[]): Hit[] {
  const { finder } = index;
  const hits: Hit[] = [];
  for (let found = 0; found < finder.count; found++) {
    let at = 0;
    while (scan.labelEnds[at] < finder.end[found]) at++;
    const start = scan.labelStarts[at];
    hits.push({
      brandLabel: index.labels[finder.label[found]],
      at,
      reading: labels[at].readings[0],
      from: finder.start[found] - start,
      to: finder.end[found] - start,
      distance: finder.distance[found],
    });
  }
  return hits;
}

function matchUnicode(index: BrandIndex): readonly Verdict[] {
  const { finder } = index;
  const host = scan.name;
  const labels = readLabels(scan);
  if (labels === undefined) return [{ kind: 'malformed', host, fault: 'bad-punycode' }];
  const split = splitSuffix(host, scan.labelCount);
  const hits: Hit[] = [];
  finder.clear();
  for (let at = 0; at < split.labelCount; at++)
    for (const reading of labels[at].readings) {
      const { text } = reading;
      const length = Math.min(text.length, folded.length);
      for (let letter = 0; letter < length; letter++) folded[letter] = text.charCodeAt(letter);
      finder.clear();
      finder.find(folded, 0, length);
      for (let found = 0; found < finder.count; found++)
        hits.push({
          brandLabel: index.labels[finder.label[found]],
          at,
          reading,
          from: finder.start[found],
          to: finder.end[found],
          distance: finder.distance[found],
        });
    }
  const verdicts = hits.length === 0 ? nothing : judge(index, readName(split, labels), hits);
  if (verdicts.length > 0) return verdicts;
  return labels.every(isValidIdna) ? nothing : [{ kind: 'malformed', host, fault: 'invalid-idna' }];
}

/** A name that something was found in: it has a label before its suffix. */
function readName(split: SuffixSplit, labels: readonly NameLabel[]): ReadName {
  const { labelCount, suffix, isPrivate } = split;
  const domain = scan.name.slice(scan.labelStarts[labelCount - 1]);
  return { labelCount, suffix, isPrivate, host: scan.name, labels, domain };
}

/** The brand that owns the name, if any, and the owned domain that the name lies within. */
function ownerOf(index: BrandIndex, host: string): { brand: number; domain: string } | undefined {
  for (let dot = -1; ;) {
    const domain = host.slice(dot + 1);
    const brand = index.owned.get(domain);
    if (brand !== undefined) return { brand, domain };
    dot = host.indexOf('.', dot + 1);
    if (dot < 0) return undefined;
  }
}

/**
 * Hits but for those that a better one explains: where a protected name stands letter for letter, a slip of another one, or a
 * shorter name inside it, is chance (hp and hm, face in facebook).
 */
function withoutShadowed(hits: readonly Hit[]): readonly Hit[] {
  const exact = hits.filter(({ distance }) => distance === 0);
  if (exact.length === 0 || hits.length === 1) return hits;
  return hits.filter(
    (hit) =>
      !exact.some(
        (other) =>
          other !== hit &&
          other.at === hit.at &&
          other.from <= hit.from &&
          other.to >= hit.to &&
          (hit.distance > 0 || other.to - other.from > hit.to - hit.from),
      ),
  );
}

interface Judged extends Scored {
  readonly evidence: Evidence;
}

function judge(index: BrandIndex, name: ReadName, hits: readonly Hit[]): readonly Verdict[] {
  const owner = ownerOf(index, name.host);
  if (owner !== undefined)
    return [{ kind: 'own', host: name.host, brand: index.brands[owner.brand].id, domain: owner.domain }];
  const standing = { isPopular: index.popular.has(name.domain) };
  const best = new Map<number, Judged>();
  for (const hit of withoutShadowed(hits))
    for (const number of hit.brandLabel.brands) {
      const evidence = gatherEvidence(index, name, hit, index.brands[number]);
      const scored = scoreEvidence(evidence, standing);
      const before = best.get(number);
      if (before === undefined || scored.score > before.score) best.set(number, { evidence, ...scored });
    }
  const verdicts: Imitation[] = [];
  for (const judged of best.values()) {
    const verdict = imitation(name, judged);
    if (verdict !== undefined) verdicts.push(verdict);
  }
  return verdicts.sort((a, b) => b.score - a.score);
}

function imitation(name: ReadName, { evidence, score, counterEvidence }: Judged): Imitation | undefined {
  const level = levelOf(score);
  if (level === undefined) return undefined;
  const label = name.labels[evidence.hit.at];
  const letters = lettersOf(evidence, label);
  const part = partText(evidence, label);
  const display = displayHost(name.labels);
  return {
    kind: 'imitation',
    host: name.host,
    display,
    brand: evidence.brand.id,
    level,
    score,
    techniques: techniquesOf(evidence, label),
    letters,
    part,
    imitates: evidence.hit.brandLabel.text,
    distance: evidence.distance,
    keywords: [...new Set(evidence.pressing)],
    counterEvidence,
    reasons: reasonsFor(evidence, part, letters, display),
  };
}
