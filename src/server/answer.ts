import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { RouteId, ROUTES } from '#api';
import {
  AditError,
  isIpHost,
  parseArtifact,
  parseHost,
  type Artifact,
  type ArtifactType,
  type Host,
} from '#model';
import type { Workbench } from '#pipeline';
import type { StoredCapture } from '#store';
import type { PassThrough } from 'node:stream';
import type { z } from 'zod';
import type { OpenedCaptures } from './capture/opened-captures.ts';
import type { Caller } from './caller.ts';
import type { DemoReplay } from './demo-replay.ts';
import type { EventStreams } from './event-stream.ts';
import type { ImportFolders } from './import-folders.ts';
import type { OpenProject, ProjectAccess } from './project-access.ts';

/** What every answer has at hand. */
export interface AnswerContext {
  readonly workbench: Workbench;
  /** Bundles opened for reading, for one question after another. */
  readonly captures: OpenedCaptures;
  readonly version: string;
  readonly startedAt: Date;
  readonly access: ProjectAccess;
  readonly streams: EventStreams;
  readonly demo: DemoReplay;
  readonly importFolders: ImportFolders;
}

/** What an answer is given: parsed and valid. */
type Input<Id extends RouteId> = {
  readonly [Part in 'params' | 'query' | 'body']: (typeof ROUTES)[Id] extends {
    readonly [P in Part]: infer Schema extends z.ZodType;
  }
    ? z.output<Schema>
    : undefined;
} & {
  /** The project that the route is about; that the caller has the route's right in it is checked already. */
  readonly project: (typeof ROUTES)[Id]['path'] extends `/projects/{id}${string}` ? OpenProject : undefined;
} & (Id extends OpenToAnyone ? { readonly caller: Caller | undefined } : { readonly caller: Caller }) & {
    readonly actor: string;
    readonly from: Sender;
  };

/** Routes that who has neither key nor session may ask, too. */
type OpenToAnyone = {
  [Id in RouteId]: (typeof ROUTES)[Id]['scope'] extends 'anyone' ? Id : never;
}[RouteId];

/** Where a request comes from. */
interface Sender {
  readonly address: string;
  readonly agent: string;
  readonly lastEventId: string | undefined;
}

/** What each route does. */
export type Answers = { readonly [Id in RouteId]: (input: Input<Id>) => Promise<unknown> };

/** An answer that is no JSON. */
export class FileAnswer {
  readonly mediaType: string;
  readonly name: string;
  readonly content:
    | string
    | Uint8Array
    | { readonly path: string; readonly sizeBytes: number }
    | AsyncIterable<string>;
  /** The same address never has another content. */
  readonly isImmutable: boolean;

  constructor(
    mediaType: string,
    name: string,
    content: FileAnswer['content'],
    { isImmutable = false }: { readonly isImmutable?: boolean } = {},
  ) {
    this.mediaType = mediaType;
    this.name = name;
    this.content = content;
    this.isImmutable = isImmutable;
  }

  stream() {
    const { content } = this;
    if (typeof content === 'string' || content instanceof Uint8Array) return content;
    return 'path' in content ? createReadStream(content.path) : Readable.from(content);
  }
}

/** An answer that begins a session (or, with none, ends it) beside what it says. */
export class SessionAnswer {
  readonly reply: unknown;
  readonly session: { readonly secret: string; readonly lifeMs: number } | undefined;

  constructor(reply: unknown, session: SessionAnswer['session']) {
    this.reply = reply;
    this.session = session;
  }
}

/** An answer that goes on until either side ends it. */
export class StreamAnswer {
  readonly stream: PassThrough;

  constructor(stream: PassThrough) {
    this.stream = stream;
  }
}

/** The artifact that a text is; throws `bad-artifact`. */
export function artifactOf(text: string): Artifact {
  const artifact = parseArtifact(text);
  if (artifact === undefined) throw new AditError('bad-artifact', 'There is nothing to look up.');
  return artifact;
}

/** Kinds that show by how the value looks. */
const BY_LOOK: ReadonlySet<ArtifactType> = new Set(['host', 'domain', 'ip', 'url', 'mail', 'hash']);

/** The artifact of that type, in its normal form; throws `bad-artifact` where the value is none of that type. */
export function artifactOfType(type: ArtifactType, value: string): Artifact {
  if (!BY_LOOK.has(type)) return { type, value };
  const artifact = artifactOf(value);
  const isName = (each: string): boolean => each === 'host' || each === 'domain';
  if (artifact.type === type || (isName(type) && isName(artifact.type))) return artifact;
  // A name of one label, and one that only a dataset has.
  const host = isName(type) ? parseHost(value) : undefined;
  if (host !== undefined && !isIpHost(host)) return { type, value: host };
  throw new AditError('bad-artifact', `“${value.slice(0, 100)}” is no ${type}.`, {
    advice: 'Leave the type out, and the value is taken for what it looks like.',
  });
}

/** The host that a text is; throws `bad-host`. */
export function hostOf(text: string): Host {
  const host = parseHost(text);
  if (host === undefined) throw new AditError('bad-host', `“${text.slice(0, 100)}” is no host name.`);
  return host;
}

/** The capture of that id; throws `unknown-capture`. */
export async function captureOf({ store }: Workbench, id: string): Promise<StoredCapture> {
  const capture = await store.capture(id);
  if (capture === undefined) throw new AditError('unknown-capture', `There is no capture ${id}.`);
  return capture;
}
