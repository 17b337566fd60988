import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CaptureSource } from '#archive';
import { AditError, parseUrl, type Persona } from '#model';
import { systemNetwork, type Network } from '../egress/index.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { PERSONAS } from './persona/personas.ts';
import { BrowserPool } from './pool.ts';
import { findBrowser } from './process/find-browser.ts';
import type { BrowserMode } from './process/flags.ts';
import { checkWalls, type Wall } from './process/walls.ts';
import { visitPage } from './visit.ts';
import type { VisitRequest } from './visit-request.ts';

export interface VirtualUsersOptions {
  /** The way out; default the real network. */
  readonly network?: Network;
  /** Path of the browser; default the one that `findBrowser` finds. */
  readonly browser?: string;
  /** New headless (default), or the cheaper headless shell, which pages can tell more easily. */
  readonly mode?: BrowserMode;
  /** Visits at a time; further ones wait. Default 3. */
  readonly parallel?: number;
  /** Limits of every visit that sets none of its own. */
  readonly limits?: VisitRequest['limits'];
  /** Ranges (CIDR) that may be visited although they are not public. */
  readonly allowNetworks?: readonly string[];
  /** Go on where a certificate is not trusted, and note it; default true. */
  readonly ignoreCertificateErrors?: boolean;
  /**
   * Run without Chromium's sandbox where there is none. Dangerous: a page that breaks the browser has the account. Default:
   * only on a network of one's own, whose pages are known.
   */
  readonly allowMissingSandbox?: boolean | undefined;
  readonly log?: (line: string) => void;
}

export interface PersonVisit extends VisitRequest {
  /** Name of a built-in persona, or one of your own; default the first. */
  readonly persona?: string | Persona;
}

/** Virtual users at work: browsers are started when first needed and kept warm until this is closed. */
export interface VirtualUsers extends AsyncDisposable {
  /** What stands between the pages and this machine. */
  readonly walls: readonly Wall[];
  /**
   * Visits a page and keeps the visit. Whatever becomes of the page is an outcome; rejects only with AditError
   * `url-invalid`, `persona-unknown`, `browser-not-found`, `sandbox-missing`, `browser-launch-failed`, or a fault.
   */
  visit(request: PersonVisit): Promise<CaptureSource>;
}

const COMMAND_MS = 10_000;
const DEFAULT_PARALLEL = 3;

/** Makes virtual users ready. Says through `log` which walls are missing. Throws AditError `browser-not-found`. */
export async function openVirtualUsers(options: VirtualUsersOptions = {}): Promise<VirtualUsers> {
  const { mode = 'headless', network = systemNetwork, log = () => {} } = options;
  const executable = options.browser ?? findBrowser(mode);
  const walls = await checkWalls(executable);
  for (const { isPresent, detail } of walls) if (!isPresent) log(`Missing wall: ${detail}`);
  const pool = new BrowserPool({
    ...(executable !== undefined && { executable }),
    mode,
    trustedKeys: (network.trustedRoots ?? []).map(({ spkiSha256Base64 }) => spkiSha256Base64),
    walls,
    allowMissingSandbox: options.allowMissingSandbox ?? network !== systemNetwork,
    commandMs: COMMAND_MS,
    rendererLimits: { ...DEFAULT_LIMITS, ...options.limits },
    log,
  });
  const spoolRoot = await mkdtemp(join(tmpdir(), `adit-visits-${process.pid}-`));
  const places = new Places(options.parallel ?? DEFAULT_PARALLEL);
  const environment = {
    network,
    allowNetworks: options.allowNetworks,
    mode,
    ignoreCertificateErrors: options.ignoreCertificateErrors ?? true,
    spoolRoot,
  };
  return {
    walls,
    async visit(request) {
      const url = webAddress(request.url);
      const persona = toPersona(request.persona);
      using _place = await places.take();
      using lease = await pool.lease(persona);
      return await visitPage(
        lease,
        { ...request, url, limits: { ...options.limits, ...request.limits } },
        environment,
      );
    },
    [Symbol.asyncDispose]: async () => {
      await pool[Symbol.asyncDispose]();
      await rm(spoolRoot, { recursive: true, force: true });
    },
  };
}

function webAddress(text: string): string {
  const url = parseUrl(text);
  if (url !== undefined && /^https?:/.test(url)) return url;
  throw new AditError('url-invalid', `Not an address of a web page: ${text.slice(0, 200)}`, {
    advice: 'Give an absolute http or https URL.',
  });
}

function toPersona(persona: string | Persona = PERSONAS[0]!): Persona {
  if (typeof persona !== 'string') return persona;
  const known = PERSONAS.find(({ id }) => id === persona);
  if (known !== undefined) return known;
  throw new AditError('persona-unknown', `There is no persona ${persona.slice(0, 100)}.`, {
    advice: `There are ${PERSONAS.map(({ id }) => id).join(', ')}.`,
  });
}

/** A number of places; who comes when all are taken waits in line. */
class Places {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(count: number) {
    this.#free = Math.max(1, count);
  }

  async take(): Promise<Disposable> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return {
      [Symbol.dispose]: () => {
        const next = this.#waiting.shift();
        if (next === undefined) this.#free++;
        else next();
      },
    };
  }
}
