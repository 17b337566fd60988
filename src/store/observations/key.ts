import { DATASETS, parseHost, reverseLabels, type DatasetId, type Host } from '#model';

export type Side = 'source' | 'target';

/** Whether that side of the dataset holds hosts, which are keyed with their labels reversed. */
function holdsHosts(dataset: DatasetId, side: Side): boolean {
  const type = side === 'source' ? DATASETS[dataset].sourceType : DATASETS[dataset].targetType;
  return type === 'host' || type === 'domain';
}

/** A value as it is stored: `www.example.org` → `org.example.www` where that side holds hosts. */
export function toKey(dataset: DatasetId, side: Side, value: string): string {
  if (!holdsHosts(dataset, side)) return value;
  const host = parseHost(value);
  return host === undefined ? value : reverseLabels(host);
}

/** The value behind a stored key. Reversing is its own inverse. */
export function fromKey(dataset: DatasetId, side: Side, key: string): string {
  if (!holdsHosts(dataset, side)) return key;
  const isAddress = key.includes(':') || /^\d+(\.\d+){3}$/.test(key);
  return isAddress ? key : key.split('.').reverse().join('.');
}

/** Keys of a domain and all below it: the key itself, and every key that begins with this prefix. */
export function domainPrefix(domain: Host): string {
  return `${reverseLabels(domain)}.`;
}
