import { AditError, parseHost, publicSuffix, registrableDomain, type Host } from '#model';
import { CandidateFinder } from './candidate-finder.ts';
import { foldLabel, UNREAD } from './fold.ts';
import { decodePunycode } from './punycode.ts';
import { isWord } from './vocabulary.ts';

/** What a user protects, as far as names go. */
export interface Brand {
  /** How verdicts name it; the first domain where left out. */
  readonly id?: string | undefined;
  /** Domains that people know it by; the first is the one that matters most. At least one. */
  readonly domains: readonly string[];
  /** Further names that stand for it in host names: products, abbreviations. Spaces count as nothing. */
  readonly names?: readonly string[] | undefined;
  /** Other domains (or hosts) of the same owner: what lies within them never imitates. */
  readonly owned?: readonly string[] | undefined;
  /** Words beside its name that say as much as `login` does. */
  readonly keywords?: readonly string[] | undefined;
}

/** A brand ready to be matched. */
export interface CompiledBrand {
  readonly id: string;
  readonly domains: readonly Host[];
  /** Suffixes of its domains. */
  readonly suffixes: ReadonlySet<string>;
  readonly keywords: ReadonlySet<string>;
}

/** A text that stands for brands in names: what is looked for. */
export interface BrandLabel {
  readonly text: string;
  /** Numbers of the brands that it stands for: electrum.org and electrum.com may be two. */
  readonly brands: readonly number[];
  /** A common word, or so short that it stands in many names by chance. */
  readonly isCommon: boolean;
}

export interface IndexOptions {
  /** Registrable domains that many people use: an exact hit is counter-evidence against anything but homographs. */
  readonly popular?: Iterable<string> | undefined;
  /** Suffixes beside the public suffix list below which anyone can have a name. */
  readonly hosting?: Iterable<string> | undefined;
}

/** Brands compiled for `match`. Immutable; holds scratch memory, so one thread uses it at a time. */
export interface BrandIndex {
  readonly brands: readonly CompiledBrand[];
  readonly labels: readonly BrandLabel[];
  readonly finder: CandidateFinder;
  /** Owned domain → number of its brand. */
  readonly owned: ReadonlyMap<string, number>;
  readonly popular: ReadonlySet<string>;
  readonly hosting: ReadonlySet<string>;
}

const MAX_LABEL_LENGTH = 63;

/**
 * Brands → the index that `match` runs on; up to some 50,000. Names that cannot be read in ASCII are protected as owned
 * domains only. Throws `invalid-brand` where a domain is no name with a public suffix.
 */
export function compileBrands(brands: readonly Brand[], options: IndexOptions = {}): BrandIndex {
  const owned = new Map<string, number>();
  const labelBrands = new Map<string, number[]>();
  const suffixSets = new Map<string, ReadonlySet<string>>();
  const compiled = brands.map((brand, number): CompiledBrand => {
    const domains = brand.domains.map((text) => parseDomain(text));
    const [first] = domains;
    if (first === undefined) throw new AditError('invalid-brand', 'A brand needs at least one domain.');
    for (const text of [...domains, ...(brand.owned ?? []).map(parseOwned)])
      if (text !== undefined && !owned.has(text)) owned.set(text, number);
    for (const label of brandLabels(brand)) {
      const numbers = labelBrands.get(label);
      if (numbers === undefined) labelBrands.set(label, [number]);
      else numbers.push(number);
    }
    const suffixes = [...new Set(domains.map((domain) => publicSuffix(domain) ?? ''))];
    const key = suffixes.join(' ');
    const suffixSet = suffixSets.get(key) ?? new Set(suffixes);
    suffixSets.set(key, suffixSet);
    return { id: brand.id ?? first, domains, suffixes: suffixSet, keywords: wordSet(brand.keywords) };
  });
  const labels = Array.from(labelBrands, ([text, numbers]): BrandLabel => ({
    text,
    brands: numbers,
    isCommon: text.length < 5 || isWord(text),
  }));
  return {
    brands: compiled,
    labels,
    finder: new CandidateFinder(labels.map(({ text }) => text)),
    owned,
    popular: new Set(options.popular ?? []),
    hosting: new Set(options.hosting ?? []),
  };
}

const NO_WORDS: ReadonlySet<string> = new Set();
const wordSet = (words: readonly string[] = []): ReadonlySet<string> =>
  words.length === 0 ? NO_WORDS : new Set(words.map((word) => word.toLowerCase()));

/** The texts that stand for a brand in names, folded to ASCII; none for names that do not read in ASCII. */
export function brandLabels(brand: Brand): string[] {
  const fromDomains = brand.domains.map((text) => labelOf(parseDomain(text)));
  return [...new Set([...fromDomains, ...(brand.names ?? [])].flatMap(toLabel))];
}

function parseDomain(text: string): Host {
  const host = parseHost(text);
  const domain = host === undefined ? undefined : registrableDomain(host);
  if (domain === undefined)
    throw new AditError('invalid-brand', `“${text}” is no domain that a brand can have.`, {
      advice: 'Give the registrable domain, e.g. example.org.',
    });
  return domain;
}

/** Owned names may lie below a registrable domain; what is no host is left out, since such lists come from outside. */
const parseOwned = (text: string): Host | undefined => parseHost(text.replace(/^\*\./, ''));

/** The label of a registrable domain: `example` of example.co.uk. */
function labelOf(domain: Host): string {
  return domain.slice(0, domain.length - (publicSuffix(domain) ?? '').length - 1);
}

/** A brand's name as it stands in host names, folded to ASCII; none where it does not read in ASCII. */
function toLabel(name: string): string[] {
  const text = name.toLowerCase().replace(/\s+/g, '');
  const points = text.startsWith('xn--')
    ? decodePunycode(text.slice(4))
    : Array.from(text, (letter) => letter.codePointAt(0)!);
  const reading = points === undefined ? undefined : foldLabel(points)[0]?.text;
  if (reading === undefined || reading.includes(UNREAD) || reading.length < 2) return [];
  return [reading.slice(0, MAX_LABEL_LENGTH)];
}
