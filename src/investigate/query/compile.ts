import { DATASET_IDS, DATASETS, hostOfUrl, parseArtifact, parseHost, refang, type Artifact } from '#model';
import {
  compareKeys,
  matchKeyOf,
  type EdgeMatch,
  type Matches,
  type MatchKey,
  type Pattern,
  type Span,
} from '#store';
import { fieldInside, fieldNamed, FIELDS, similarFields, wordsOf, type Field } from './field.ts';
import { parseSpan } from './moment.ts';
import { narrowed, type Marked, type Plan, type Scope, type TermPlace } from './plan.ts';
import { QueryError } from './query-error.ts';
import type { Syntax, Term } from './syntax.ts';
import { detailPattern, hasWildcard, labelPattern, parseNetwork, sidePatterns } from './value.ts';

/** Artifacts with a tag, of a project or the like that are looked at. */
const MAX_MARKED = 10_000;
/** Values that a word with a wildcard stands for. */
const MAX_SPELLINGS = 200;

const SCOPES = new Set(['seen', 'first', 'last', 'asof', 'count', 'observed']);

/** Turns the form of a query into sets that the store knows to find. Throws QueryError. */
export class Compiler {
  readonly #text: string;
  readonly #matches: Matches;
  readonly #marked: Marked;
  readonly #now: number;
  /** What the words without a field were taken for. */
  readonly recognised: (TermPlace & { readonly artifact: Artifact })[] = [];

  constructor(text: string, matches: Matches, marked: Marked, now: number) {
    this.#text = text;
    this.#matches = matches;
    this.#marked = marked;
    this.#now = now;
  }

  async compile(node: Syntax, scope: Scope = {}): Promise<Plan> {
    switch (node.kind) {
      case 'and':
        return this.#all(node.parts, node, scope);
      case 'or': {
        const parts: Plan[] = [];
        for (const part of node.parts) parts.push(await this.compile(part, scope));
        return { kind: 'or', parts };
      }
      case 'not':
        return this.#all([node], node, scope);
      case 'edge':
        return this.#edge(node, scope);
      case 'term': {
        const field = this.#fieldOf(node);
        if (field !== undefined && SCOPES.has(field.kind)) return this.#all([node], node, scope);
        return this.#term(node, field, scope);
      }
    }
  }

  /** What stands beside one another: times and counts narrow the rest, NOT takes away. */
  async #all(parts: readonly Syntax[], node: Syntax, outer: Scope): Promise<Plan> {
    let scope = outer;
    const rest: Syntax[] = [];
    const taken: Syntax[] = [];
    let isCounted = false;
    for (const part of parts) {
      const field = part.kind === 'term' ? this.#fieldOf(part) : undefined;
      const inner = part.kind === 'not' && part.part.kind === 'term' ? part.part : undefined;
      const taking = inner === undefined ? undefined : this.#fieldOf(inner);
      if (inner !== undefined && taking !== undefined && SCOPES.has(taking.kind)) {
        scope = narrowed(scope, complement(this.#scopeOf(taking, inner), part, taking.name, this.#now));
        isCounted ||= taking.kind === 'count' || taking.kind === 'observed';
      } else if (part.kind === 'not') taken.push(part.part);
      else if (part.kind === 'term' && field !== undefined && SCOPES.has(field.kind)) {
        scope = narrowed(scope, this.#scopeOf(field, part));
        isCounted ||= field.kind === 'count' || field.kind === 'observed';
      } else rest.push(part);
    }
    const isScopeOnly = rest.length === 0 && taken.length < parts.length;
    if (rest.length === 0 && (!isScopeOnly || isCounted))
      throw new QueryError(
        isCounted ? 'This says how often, but not what.' : 'NOT alone would be nearly everything.',
        node,
        isCounted
          ? 'Write what was observed beside it, e.g. child:example.org count:>10.'
          : 'Write beside it what there should be, e.g. tracker:UA-1 NOT host:*.example.org.',
      );
    const compiled: Plan[] = [];
    for (const part of rest) compiled.push(await this.compile(part, scope));
    if (isScopeOnly)
      compiled.push({ kind: 'names', pattern: { kind: 'glob', text: '*' }, scope, term: this.#place(node) });
    const not: Plan[] = [];
    for (const part of taken) not.push(await this.compile(part, scope));
    if (compiled.length === 1 && not.length === 0) return compiled[0]!;
    return { kind: 'and', parts: compiled, not };
  }

  #fieldOf({ field, start }: Term): Field | undefined {
    if (field === undefined) return undefined;
    const found = fieldNamed(field);
    if (found !== undefined) return found;
    // `2001:db8::1` and the like are values with a colon.
    const similar = similarFields(field);
    throw new QueryError(
      `There is no field “${field.slice(0, 60)}”.`,
      { start, end: start + field.length },
      similar.length === 0
        ? `Fields are ${FIELDS.slice(0, 12)
            .map(({ name }) => name)
            .join(', ')}, …; a value with a colon goes in quotation marks.`
        : `Perhaps ${similar.join(' or ')}; a value with a colon goes in quotation marks.`,
    );
  }

  #scopeOf(field: Field, term: Term): Scope {
    const { text, compare } = term.value;
    if (field.kind === 'observed') {
      if (!/^(?:true|false)$/i.test(text))
        throw new QueryError('observed is true or false.', term, 'Write observed:true.');
      return { isObserved: text.toLowerCase() === 'true' };
    }
    if (field.kind === 'count') {
      const pattern = detailPattern('number', term);
      if (pattern.kind !== 'between') throw new QueryError('A count is a number.', term, 'Write count:>10.');
      return {
        count: {
          from: pattern.from === undefined ? undefined : Math.ceil(Number(pattern.from)),
          to: pattern.to === undefined ? undefined : Math.floor(Number(pattern.to)),
        },
      };
    }
    const span = parseSpan(text, compare, this.#now);
    if (span === undefined || (span.from ?? 0) > (span.to ?? Number.POSITIVE_INFINITY))
      throw new QueryError(
        `“${text.slice(0, 60)}” is no time.`,
        term,
        `Write ${field.name}:90d, ${field.name}:2017-11 or ${field.name}:2017-11-01..2017-11-30.`,
      );
    if (field.kind === 'first') return { firstSeen: span };
    return field.kind === 'last' ? { lastSeen: span } : { seen: span };
  }

  async #term(term: Term, field: Field | undefined, scope: Scope): Promise<Plan> {
    if (field === undefined) return this.#bare(term, scope);
    switch (field.kind) {
      case 'edge':
        return this.#edges(field, [term], term, scope);
      case 'host':
      case 'domain':
        return this.#host(field.kind, term, scope);
      case 'hash':
        return this.#values(
          await this.#matches.spellings(refang(term.value.text), ['hash', 'certificate', 'text']),
          term,
          scope,
        );
      case 'tag':
      case 'class':
      case 'project':
      case 'status': {
        const artifacts = await this.#marked.find(field.kind, term.value.text, MAX_MARKED);
        return this.#keys(artifacts.map(matchKeyOf), term, scope);
      }
      default:
        throw new QueryError(`${field.name}: stands beside other terms.`, term, 'Write it beside one.');
    }
  }

  async #edge(node: Syntax & { readonly kind: 'edge' }, scope: Scope): Promise<Plan> {
    const group = fieldNamed(node.name);
    if (group?.kind !== 'edge' || group.part !== 'other')
      throw new QueryError(
        `“${node.name.slice(0, 60)}” is no dataset.`,
        { start: node.start, end: node.start + node.name.length },
        `Before brackets stands one of ${DATASET_IDS.map((id) => wordsOf(id).name).join(', ')}; or write AND between.`,
      );
    return this.#edges(group, node.terms, node, scope);
  }

  /** Edges of one dataset that meet all of the terms. */
  async #edges(
    group: Field & { readonly kind: 'edge' },
    terms: readonly Term[],
    node: Syntax,
    outer: Scope,
  ): Promise<Plan> {
    let scope = outer;
    let others: Pattern[] | undefined;
    let label: Pattern | undefined =
      group.label === undefined
        ? undefined
        : hasWildcard(group.label)
          ? { kind: 'glob', text: group.label }
          : { kind: 'exact', value: group.label };
    const details: { readonly field: string; readonly pattern: Pattern }[] = [];
    for (const term of terms) {
      const field = node.kind === 'edge' ? this.#inside(node, term) : group;
      if (field.kind !== 'edge') scope = narrowed(scope, this.#scopeOf(field, term));
      else if (field.part === 'label') label = labelPattern(field, term);
      else if (field.part === 'other') {
        if (others !== undefined)
          throw new QueryError(
            'An edge has one value on its other side.',
            term,
            'Write AND outside the brackets.',
          );
        others = await sidePatterns(this.#matches, field, term);
      } else details.push({ field: field.part.detail, pattern: detailPattern(field.part.type, term) });
    }
    const match: EdgeMatch = {
      dataset: group.dataset,
      own: group.own,
      label,
      ...(details.length > 0 && { details }),
      ...scope,
    };
    const place = this.#place(node);
    if (others === undefined) return { kind: 'edges', match, term: place };
    if (others.length === 0) return { kind: 'keys', keys: [], scope: {}, term: place };
    const plans = others.map((otherPattern): Plan => ({
      kind: 'edges',
      match: { ...match, otherPattern },
      term: place,
    }));
    return plans.length === 1 ? plans[0]! : { kind: 'or', parts: plans };
  }

  #inside(node: Syntax & { readonly kind: 'edge' }, term: Term): Field {
    const field = fieldInside(node.name, term.field ?? 'value');
    if (field !== undefined && (field.kind === 'edge' || SCOPES.has(field.kind))) return field;
    const { dataset } = fieldNamed(node.name) as Field & { readonly kind: 'edge' }; // asked by #edge
    const { name, label } = wordsOf(dataset);
    throw new QueryError(
      `“${(term.field ?? '').slice(0, 60)}” is nothing that ${node.name}(…) can ask.`,
      term,
      `Inside stand ${['value', label, ...Object.keys(DATASETS[dataset].detail.shape), 'seen', 'first', 'last', 'count'].join(', ')}, e.g. ${name}(value:X ${label}:Y).`,
    );
  }

  #host(kind: 'host' | 'domain', term: Term, scope: Scope): Plan {
    const text = refang(term.value.text);
    const below = /^\*\.([^*?]+)$/.exec(text)?.[1];
    const domain = parseHost(below ?? text) ?? hostOfUrl(text);
    const place = this.#place(term);
    if (hasWildcard(text) && !term.value.isQuoted && (below === undefined || domain === undefined)) {
      if (/^[\p{L}\p{N}\p{M}_.*?:-]+$/u.test(text))
        return { kind: 'names', pattern: { kind: 'glob', text }, scope, term: place };
    } else if (domain !== undefined) {
      this.recognised.push({ ...place, artifact: parseArtifact(domain) ?? { type: 'host', value: domain } });
      if (below !== undefined)
        return { kind: 'names', pattern: { kind: 'within', domain, isBelowOnly: true }, scope, term: place };
      if (kind === 'domain' && !term.value.isQuoted)
        return { kind: 'names', pattern: { kind: 'within', domain }, scope, term: place };
      return {
        kind: 'names',
        pattern: { kind: 'glob', text: domain },
        scope,
        term: place,
      };
    }
    throw new QueryError(
      `“${text.slice(0, 60)}” is no host name.`,
      term,
      `Write ${kind}:example.org, or ${kind}:*.example.org for all below it.`,
    );
  }

  /** A word without a field: as what it looks like. */
  async #bare(term: Term, scope: Scope): Promise<Plan> {
    const { text, isQuoted } = term.value;
    const place = this.#place(term);
    const cidr = isQuoted ? undefined : parseNetwork(text);
    if (cidr !== undefined)
      return {
        kind: 'edges',
        match: { dataset: 'resolutions', own: 'source', otherPattern: { kind: 'network', cidr }, ...scope },
        term: place,
      };
    if (!isQuoted && hasWildcard(text)) return this.#wildcard(refang(text), term, scope);
    const artifact = parseArtifact(text);
    if (artifact === undefined) throw new QueryError('There is nothing to look for.', term, 'Write a value.');
    this.recognised.push({ ...place, artifact });
    const host = ['host', 'domain', 'ip'].includes(artifact.type) ? parseHost(artifact.value) : undefined;
    if (artifact.type === 'host' || artifact.type === 'domain')
      return host === undefined || isQuoted
        ? this.#host('host', term, scope)
        : { kind: 'names', pattern: { kind: 'within', domain: host }, scope, term: place };
    const known = await this.#values(await this.#matches.spellings(artifact.value), term, scope);
    if (artifact.type === 'url') {
      const of = hostOfUrl(artifact.value);
      if (of === undefined) return known;
      return joined([known, { kind: 'names', pattern: { kind: 'glob', text: of }, scope, term: place }]);
    }
    if (artifact.type !== 'text' || isQuoted || !/^[\p{L}\p{N}\p{M}_-]+$/u.test(artifact.value)) return known;
    return joined([
      known,
      { kind: 'names', pattern: { kind: 'label', start: artifact.value }, scope, term: place },
    ]);
  }

  async #wildcard(text: string, term: Term, scope: Scope): Promise<Plan> {
    const isHostLike = /^[\p{L}\p{N}\p{M}_.*?:-]+$/u.test(text);
    const names = isHostLike ? [this.#host('host', term, scope)] : [];
    const start = /^[^*?]*/.exec(text)![0];
    const found =
      start.length < 2
        ? []
        : await this.#matches.findNames({ start, limit: MAX_SPELLINGS, among: MAX_SPELLINGS });
    const values = found
      .map(({ artifact }) => artifact)
      .filter(({ type, value }) => !isHostType(type) && fits(value.toLowerCase(), text.toLowerCase()));
    return joined([...names, await this.#values(values, term, scope)]);
  }

  /** Hosts (and other sources) that have one of the values, in whatever dataset holds such; and hosts themselves. */
  async #values(artifacts: readonly Artifact[], term: Term, scope: Scope): Promise<Plan> {
    const place = this.#place(term);
    const parts: Plan[] = [];
    const hosts = artifacts.filter(({ type }) => isHostType(type));
    if (hosts.length > 0) parts.push(this.#keys(hosts.map(matchKeyOf), term, scope));
    for (const dataset of DATASET_IDS) {
      const { sourceType, targetType } = DATASETS[dataset];
      const keys = artifacts.filter(({ type }) => type === targetType).map(({ value }) => value);
      if (keys.length > 0 && (targetType === 'ip' || !isHostType(targetType)))
        parts.push({
          kind: 'edges',
          match: { dataset, own: 'source', otherPattern: { kind: 'oneOf', keys }, ...scope },
          term: place,
        });
      const sources = artifacts.filter(({ type }) => type === sourceType && !isHostType(type));
      if (sources.length > 0) parts.push(this.#keys(sources.map(matchKeyOf), term, scope));
    }
    return parts.length === 0 ? this.#keys([], term, scope) : joined(parts);
  }

  #keys(keys: readonly MatchKey[], term: Syntax, scope: Scope): Plan {
    return { kind: 'keys', keys: [...new Set(keys)].sort(compareKeys), scope, term: this.#place(term) };
  }

  #place({ start, end }: Syntax): TermPlace {
    return { text: this.#text.slice(start, end), start, end };
  }
}

function joined(parts: readonly Plan[]): Plan {
  return parts.length === 1 ? parts[0]! : { kind: 'or', parts };
}

/** What NOT before a time or a count leaves: the rest on its open side. */
function complement(scope: Scope, node: Syntax, name: string, now: number): Scope {
  const [kind, span] = Object.entries(scope)[0]!;
  if (typeof span === 'boolean') return { isObserved: !span };
  const { from, to }: Span = span ?? {};
  const isUntilNow = to === undefined || to === now;
  if (kind !== 'seen' && isUntilNow && from !== undefined) return { [kind]: { to: from - 1 } };
  if (kind !== 'seen' && from === undefined && to !== undefined) return { [kind]: { from: to + 1 } };
  throw new QueryError(
    `NOT before ${name}: leaves two spans.`,
    node,
    `Write the one that is meant: ${name === 'count' ? 'count:<5 or count:>10' : 'last:<2017-11 or first:>2017-12'}.`,
  );
}

const isHostType = (type: Artifact['type']): boolean => type === 'host' || type === 'domain' || type === 'ip';

/** Whether a text fits a pattern with `*` and `?`; in time proportional to both. */
export function fits(text: string, glob: string): boolean {
  let [at, from, star, resume] = [0, 0, -1, 0];
  while (at < text.length) {
    if (from < glob.length && (glob[from] === '?' || (glob[from] !== '*' && glob[from] === text[at]))) {
      at++;
      from++;
    } else if (from < glob.length && glob[from] === '*') {
      star = from++;
      resume = at;
    } else if (star !== -1) {
      from = star + 1;
      at = ++resume;
    } else return false;
  }
  while (from < glob.length && glob[from] === '*') from++;
  return from === glob.length;
}
