import type { DatasetId } from './dataset.ts';
import type { Sha256 } from './digest.ts';

/** Where in a capture a fact was seen. Every field narrows it; `line`, `column`, `offset` and `length` lie in the text named before them. */
export interface Evidence {
  /** `Exchange.id`: its decoded response body is the text, unless `header`, `document` or `isRequest` says otherwise. */
  readonly exchange?: number;
  /** The fact stands in the exchange's request rather than its response. */
  readonly isRequest?: boolean;
  /** Name of the header concerned, as sent. */
  readonly header?: string;
  /** `CapturedDocument.id`: with `phase`, that snapshot is the text. */
  readonly document?: number;
  readonly phase?: 'loaded' | 'final';
  /** Element and attribute names, lower case, e.g. `script` and `src`. */
  readonly element?: string;
  readonly attribute?: string;
  /** The script that did it, by URL (or `inline`), where `line` and `column` lie in that script's own text. */
  readonly script?: string;
  readonly functionName?: string;
  /** 1-based. */
  readonly line?: number;
  /** 1-based, in characters. */
  readonly column?: number;
  /** Bytes from the start of the decoded body, where an archive was read in bulk. */
  readonly offset?: number;
  /** Characters (UTF-16 code units) from the position; bytes where only `offset` is given. */
  readonly length?: number;
  /** `Step.id`: what the virtual user did that caused it. */
  readonly step?: number;
  /** Where the exchange stands in an archive that was imported: bytes of the file, and in them (uncompressed) where several stand there. */
  readonly archive?: {
    readonly file: string;
    readonly offset: number;
    readonly length: number;
    readonly innerOffset?: number;
  };
  /** Where in a mail it is named: the mail by its bytes, the part (`header From`, `html`, a path of attachments), and the text around it. */
  readonly mail?: { readonly sha256: Sha256; readonly part: string; readonly snippet: string };
}

/** Values in `detail`: what `DATASETS[…].detail` describes. */
export type DetailValue = string | number | boolean;

/** A fact: in `dataset`, `source` stood in relation `label` to `target`, at `seenAt`, per `evidence`. */
export interface Observation {
  readonly dataset: DatasetId;
  readonly source: string;
  readonly label: string;
  readonly target: string;
  /** RFC 3339 UTC with milliseconds. */
  readonly seenAt: string;
  readonly detail: Readonly<Record<string, DetailValue>>;
  readonly evidence: Evidence;
}
