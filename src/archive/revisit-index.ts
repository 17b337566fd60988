import { withoutBrackets, type WarcRecord } from './archive-record.ts';

/** Where a record stands that a revisit may refer to. */
export interface RecordLocation {
  readonly offset: number;
  readonly length: number;
  readonly innerOffset: number;
}

const MAX_ENTRIES = 500_000;

/**
 * What the revisit records of a file (WARC 1.1 §6.7) may refer to: by the id of the record that they name, else by payload digest,
 * whatever the URL, else by URL and date of the record. The first record with a digest is kept; beyond the limit no more are.
 */
export class RevisitIndex {
  readonly #places = new Map<string, RecordLocation>();

  add(record: WarcRecord): void {
    const { offset, length, innerOffset } = record;
    const place = { offset, length, innerOffset };
    for (const key of originalKeys(record)) {
      if (this.#places.has(key) || this.#places.size >= MAX_ENTRIES) continue;
      this.#places.set(key, place);
    }
  }

  find(revisit: WarcRecord): RecordLocation | undefined {
    for (const key of revisitKeys(revisit)) {
      const place = this.#places.get(key);
      if (place !== undefined) return place;
    }
    return undefined;
  }
}

/** Under which names a record is known that revisits may refer to. */
export function originalKeys(record: WarcRecord): string[] {
  if (record.type !== 'response' && record.type !== 'resource') return [];
  const digest = record.field('WARC-Payload-Digest');
  return [record.id, digest, uriKey(record.targetUri, record.date)].filter((key) => key !== undefined);
}

/** Under which names the record may be known that a revisit refers to. */
export function revisitKeys(revisit: WarcRecord): string[] {
  const digest = revisit.field('WARC-Payload-Digest');
  const uri = withoutBrackets(revisit.field('WARC-Refers-To-Target-URI')) ?? revisit.targetUri;
  const named = uriKey(uri, revisit.field('WARC-Refers-To-Date'));
  return [revisit.field('WARC-Refers-To'), digest, named].filter((key) => key !== undefined);
}

function uriKey(uri: string | undefined, date: string | undefined): string | undefined {
  return uri === undefined || date === undefined ? undefined : `${date} ${uri}`;
}
