/**
 * Components: software and services that a host runs or uses. Rules are data (`rules/`), written from the products'
 * own public marks.
 *
 * The source of what a header, cookie or path shows is the host that sent it; of what a page loads or contains, the
 * host of the page. The label is the category, the target the product.
 */
import { definedOnly, hostOfUrl, type Evidence, type Observation } from '#model';
import type { ExtractContext, Page } from '../context.ts';
import { marksOf } from '../marks/text-marks.ts';
import { ownerOf } from '../trackers/index.ts';
import {
  componentsOfCookie,
  componentsOfHeader,
  componentsOfMarks,
  componentsOfUrl,
  type ComponentFinding,
} from './find-components.ts';
import { COMPONENT_RULES } from './rules/index.ts';

export * from './find-components.ts';
export { CATEGORIES } from './rule.ts';
export { COMPONENT_RULES } from './rules/index.ts';
export { vendorOfHost } from './vendor-hosts.ts';

/** Observations of the dataset `components`. */
export function components(context: ExtractContext): Observation[] {
  const found = new ComponentSet(context);
  addOfResponses(context, found);
  for (const page of context.pages()) addOfPage(context, page, found);
  addOfFiles(context, found);
  for (const cookie of context.capture.cookies) {
    if (cookie.setBy.kind === 'header') continue; // seen with its response
    const host = hostOfUrl(`http://${cookie.domain.replace(/^\./, '')}/`);
    for (const finding of componentsOfCookie(cookie.name)) found.add(host, finding, undefined, {});
  }
  return found.observations();
}

function addOfResponses(context: ExtractContext, found: ComponentSet): void {
  for (const { exchange, response, host, url } of context.responses()) {
    for (const [header, value] of response.headers) {
      const evidence = { exchange: exchange.id, header };
      for (const finding of componentsOfHeader(header, value)) found.add(host, finding, url, evidence);
      if (header.toLowerCase() !== 'set-cookie') continue;
      const name = value.slice(0, Math.max(0, value.indexOf('='))).trim();
      for (const finding of componentsOfCookie(name)) found.add(host, finding, url, evidence);
    }
  }
  for (const exchange of context.capture.exchanges) {
    const page = ownerOf(exchange, context.capture);
    const { ofPage, ofServer } = componentsOfUrl(exchange.url);
    const evidence = { exchange: exchange.id, isRequest: true };
    for (const finding of ofPage) found.add(page, finding, exchange.url, evidence);
    if ((exchange.response?.status ?? 404) >= 400) continue; // a path that is not there shows nothing
    for (const finding of ofServer) found.add(hostOfUrl(exchange.url), finding, exchange.url, evidence);
  }
}

function addOfPage(context: ExtractContext, page: Page, found: ComponentSet): void {
  for (const { reading, evidence } of page.texts()) {
    const { exchange, document, phase } = evidence;
    const archive = context.archiveOf(evidence);
    for (const component of reading.components()) {
      const { finding, url = page.url, isOfServer, offset, length, element, attribute } = component;
      const host = isOfServer === true ? hostOfUrl(url) : page.host;
      if (host === undefined || found.has(host, finding)) continue;
      const { line, column } = reading.positionOf(offset);
      const place: Evidence =
        document === undefined
          ? definedOnly({ exchange, element, attribute, line, column, length, archive })
          : definedOnly({ document, phase, element, attribute, line, column, length, archive });
      found.add(host, finding, url, place);
    }
  }
}

function addOfFiles(context: ExtractContext, found: ComponentSet): void {
  for (const file of [...context.scripts(), ...context.stylesheets()]) {
    const source = file.source();
    const page = ownerOf(file.exchange, context.capture);
    for (const finding of componentsOfMarks(marksOf(source, 'script'))) {
      const place = { ...source.positionOf(finding.offset ?? 0), length: finding.length };
      found.add(page, finding, file.url, { exchange: file.exchange.id, ...place });
    }
  }
}

/** A product that a host runs or uses, as it was first found. */
interface Found {
  readonly host: string;
  readonly rule: ComponentFinding['rule'];
  readonly version: string | undefined;
  readonly url: string | undefined;
  readonly evidence: Evidence;
  /** Its other versions, where more than one was found; most products have one. */
  others: Map<string | undefined, Found> | undefined;
}

/**
 * Each host, product and version once, with the first evidence; a product of unknown version only where no version of
 * it is known; products that another cannot run without, with that one's evidence.
 */
class ComponentSet {
  readonly #context: ExtractContext;
  readonly #byHost = new Map<string, Map<ComponentFinding['rule'], Found>>();
  /** All of them, as they were found. */
  readonly #found: Found[] = [];

  constructor(context: ExtractContext) {
    this.#context = context;
  }

  has(host: string, { rule, version }: ComponentFinding): boolean {
    const first = this.#byHost.get(host)?.get(rule);
    return first !== undefined && (first.version === version || first.others?.has(version) === true);
  }

  add(
    host: string | undefined,
    finding: ComponentFinding,
    url: string | undefined,
    evidence: Evidence,
  ): void {
    if (host === undefined || this.has(host, finding)) return;
    const { rule, version } = finding;
    let products = this.#byHost.get(host);
    if (products === undefined) this.#byHost.set(host, (products = new Map()));
    const found: Found = { host, rule, version, url, evidence, others: undefined };
    const first = products.get(rule);
    if (first === undefined) {
      products.set(rule, found);
      this.#found.push(found);
    } else (first.others ??= new Map()).set(version, found);
  }

  observations(): Observation[] {
    this.#addImplied();
    const observations: Observation[] = [];
    for (const first of this.#found) {
      if (first.others === undefined || first.version !== undefined) observations.push(this.#observe(first));
      for (const found of first.others?.values() ?? [])
        if (found.version !== undefined) observations.push(this.#observe(found));
    }
    return observations;
  }

  #observe({ host, rule, version, url, evidence }: Found): Observation {
    const fields = {
      source: host,
      label: rule.category,
      target: rule.name,
      detail: version === undefined ? { url } : { version, url },
      evidence,
    };
    return this.#context.observe('components', fields);
  }

  /** What is implied may imply more: it is met in turn. */
  #addImplied(): void {
    for (const { host, rule, url, evidence } of this.#found) {
      for (const name of rule.implies ?? []) {
        const implied = RULE_BY_NAME.get(name);
        if (implied === undefined || this.#byHost.get(host)!.has(implied)) continue;
        this.add(host, { rule: implied, version: undefined }, url, evidence);
      }
    }
  }
}

const RULE_BY_NAME = new Map(COMPONENT_RULES.map((rule) => [rule.name, rule]));
