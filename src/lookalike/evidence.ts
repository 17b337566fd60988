import { align, type Edit } from './alignment.ts';
import type { BrandIndex, BrandLabel, CompiledBrand } from './brand.ts';
import { COSTS, UNIT } from './distance.ts';
import type { Reading } from './fold.ts';
import type { NameLabel, SuffixSplit } from './read-name.ts';
import { readSurroundings, type Surroundings } from './surroundings.ts';
import { HOSTING_SUFFIXES, TENANT_SUFFIXES } from './tables/suffixes.ts';

/** A brand label found in a name. */
export interface Hit {
  readonly brandLabel: BrandLabel;
  /** Number of the name's label that it stands in, from the left. */
  readonly at: number;
  readonly reading: Reading;
  /** Where in the reading's text. */
  readonly from: number;
  readonly to: number;
  /** Weighted, in COSTS. */
  readonly distance: number;
}

/** A name with all that judging needs. */
export interface ReadName extends SuffixSplit {
  readonly host: string;
  readonly labels: readonly NameLabel[];
  /** Suffix with one label. */
  readonly domain: string;
}

/** One hit with its surroundings, as score.ts weighs it. */
export interface Evidence extends Surroundings {
  readonly hit: Hit;
  readonly brand: CompiledBrand;
  /** The part of the name as read, and as written. */
  readonly text: string;
  /** Differences of the reading from the brand's label, hyphens apart. */
  readonly edits: readonly Edit[];
  readonly hyphens: number;
  /** Weighted distance of the reading, hyphens apart, in ordinary edits. */
  readonly distance: number;
  /** Code points outside ASCII in the part. */
  readonly foreign: readonly { readonly index: number; readonly point: number; readonly standsFor: string }[];
  readonly place: 'registrable' | 'hosting' | 'tenant' | 'subdomain';
  readonly suffix: string;
  /** Letters outside ASCII in the label, but not in the part. */
  readonly hasForeignBeside: boolean;
}

/** Everything about one hit, for one of the brands that its label stands for. */
export function gatherEvidence(index: BrandIndex, name: ReadName, hit: Hit, brand: CompiledBrand): Evidence {
  const label = name.labels[hit.at];
  const text = hit.reading.text.slice(hit.from, hit.to);
  const differences = text === hit.brandLabel.text ? NO_EDITS : align(text, hit.brandLabel.text).edits;
  const edits = differences.length === 0 ? NO_EDITS : differences.filter((edit) => edit.text !== '-');
  const hyphens = differences.length - edits.length;
  const foreign = foreignLetters(label, hit);
  return {
    hit,
    brand,
    text,
    edits,
    hyphens,
    distance: edits.reduce((sum, { cost }) => sum + cost, 0) / UNIT,
    foreign,
    hasForeignBeside: (label.points ?? []).filter((point) => point >= 0x80).length > foreign.length,
    place: placeOf(index, name, hit.at),
    suffix: name.suffix,
    ...readSurroundings(name, hit, brand),
  };
}

const NO_EDITS: readonly Edit[] = [];

/** Whether the difference is one of look-alike letters alone. */
export function isHomoglyphic(evidence: Evidence): boolean {
  return evidence.edits.every(
    ({ kind, cost }) => (kind === 'substitution' || kind === 'pair') && cost <= COSTS.homoglyph,
  );
}

/** Private suffixes that sell names as registries do: com.se, us.com, net.ru. */
const REGISTRY_LIKE = /^(?:com|net|org|co|[a-z]{2})\.[a-z]{2,3}$/;

function placeOf(index: BrandIndex, name: ReadName, at: number): Evidence['place'] {
  let dot = -1;
  for (let label = 0; label <= at; label++) dot = name.host.indexOf('.', dot + 1);
  const below = dot < 0 ? '' : name.host.slice(dot + 1);
  if (TENANT_SUFFIXES.has(below)) return 'tenant';
  if (HOSTING_SUFFIXES.has(below) || index.hosting.has(below)) return 'hosting';
  if (at !== name.labelCount - 1) return 'subdomain';
  return name.isPrivate && !REGISTRY_LIKE.test(name.suffix) ? 'hosting' : 'registrable';
}

function foreignLetters(label: NameLabel, { reading, from, to }: Hit): Evidence['foreign'] {
  const { points } = label;
  if (points === undefined) return [];
  const found: { index: number; point: number; standsFor: string }[] = [];
  for (let at = from; at < to; at++) {
    const index = reading.origins[at];
    const point = points[index];
    if (point < 0x80) continue;
    const last = found.at(-1);
    if (last?.index === index) last.standsFor += reading.text[at];
    else found.push({ index, point, standsFor: reading.text[at] });
  }
  return found;
}
