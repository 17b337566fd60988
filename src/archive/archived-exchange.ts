import type { Exchange } from '#model';
import type { HeaderList } from './payload.ts';

/** Where an exchange stands in an archive. */
export interface ArchivePlace {
  readonly file: string;
  /** Bytes of the file. */
  readonly offset: number;
  readonly length: number;
  /** Uncompressed bytes between `offset` and the record, where one member holds several. */
  readonly innerOffset?: number;
}

/** A request with its response as an archive of any format tells it. */
export interface ArchivedExchange {
  readonly url: string;
  readonly method: string;
  /** RFC 3339 UTC with milliseconds. */
  readonly startedAt: string;
  readonly request?: { readonly headers: HeaderList; readonly body: Uint8Array };
  readonly response?: {
    readonly status: number;
    readonly statusText: string;
    readonly headers: HeaderList;
    /** As stored; `isDecoded`: framing and content-encoding were undone by whoever wrote the archive. */
    readonly body: Uint8Array;
    readonly isDecoded: boolean;
    readonly isCut: boolean;
  };
  /** Address of the server. */
  readonly address?: string;
  readonly place: ArchivePlace;
  /** Of the request, where it is a record of its own. */
  readonly requestPlace?: ArchivePlace;
  /** Exchanges of one name belong to one page, where the format tells that. */
  readonly page?: string;
  /** What DevTools told, where the format keeps it. */
  readonly resourceType?: string;
  readonly initiator?: Exchange['initiator'];
}

/** Bytes that the exchange holds in memory. */
export function weightOf({ request, response }: ArchivedExchange): number {
  return 2_000 + (request?.body.length ?? 0) + (response?.body.length ?? 0);
}
