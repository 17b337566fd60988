import { DATASETS, hostOfUrl, isIpHost, parseHost, type Host, type Observation } from '#model';

/** When a host name was seen. RFC 3339 UTC. */
export interface NameSpan {
  readonly host: string;
  firstSeen: string;
  lastSeen: string;
}

/** Each host name that observations hold, once. */
export function namesOf(observations: readonly Observation[]): NameSpan[] {
  const spans = new Map<string, NameSpan | undefined>();
  const note = (text: string, seenAt: string): void => {
    let span = spans.get(text);
    if (span === undefined) {
      if (spans.has(text)) return; // known to be no name
      span = isName(text) ? { host: text, firstSeen: seenAt, lastSeen: seenAt } : undefined;
      spans.set(text, span);
      return;
    }
    if (seenAt < span.firstSeen) span.firstSeen = seenAt;
    if (seenAt > span.lastSeen) span.lastSeen = seenAt;
  };
  for (const { dataset, source, label, target, seenAt } of observations) {
    if (dataset === 'look-alikes' || dataset === 'copies') continue; // made from names that were seen
    const [from, to] = SIDES.get(dataset) ?? [];
    if (from === 'host') note(source, seenAt);
    if (to === 'host' || NAME_LABELS.has(`${dataset} ${label}`)) note(target, seenAt);
    else if (to === 'url') note(hostOfUrl(target) ?? target, seenAt);
  }
  return [...spans.values()].filter((span) => span !== undefined);
}

/** What stands on either side of each dataset, as far as names go. */
const SIDES: ReadonlyMap<string, readonly ['host' | 'url' | undefined, 'host' | 'url' | undefined]> = new Map(
  Object.entries(DATASETS).map(([id, { sourceType, targetType }]) => [
    id,
    [kindOf(sourceType), kindOf(targetType)],
  ]),
);

function kindOf(type: string): 'host' | 'url' | undefined {
  if (type === 'host' || type === 'domain') return 'host';
  return type === 'url' ? 'url' : undefined;
}

/** Of a dataset whose targets are mostly addresses, the labels whose targets are names. */
const NAME_LABELS = new Set(['resolutions CNAME', 'resolutions NS', 'resolutions MX']);

const isName = (text: string): boolean => toName(text) === text;

/** A host name out of a list, as certificates and zone files have them too; undefined where it is none. */
export function toName(text: string): Host | undefined {
  if (!text.includes('.')) return undefined;
  const host = parseHost(text.trim().replace(/^\*\./, ''));
  return host === undefined || isIpHost(host) || !host.includes('.') ? undefined : host;
}
