import type { CaptureSource } from '#archive';
import { captureHttp, openVirtualUsers, PERSONAS, systemNetwork, type BrowserMode } from '#crawl';
import { AditError, type Persona } from '#model';
import type { CaptureJob } from '#pipeline';
import { openNamedTestnet, type TestnetName } from './testnet.ts';

export interface VisitsOptions {
  /** Visits at a time. */
  readonly parallel: number;
  readonly mode: BrowserMode;
  readonly allowNetworks?: readonly string[] | undefined;
  /** Name of a test internet to visit instead of the real one. */
  readonly testnet?: TestnetName | undefined;
  readonly log: (line: string) => void;
}

/** Makes the visits that jobs describe, in a browser or over plain HTTP. */
export interface Visits extends AsyncDisposable {
  visit(
    job: CaptureJob,
    options: { readonly signal: AbortSignal; readonly onProgress?: (what: string) => void },
  ): Promise<CaptureSource>;
}

export async function openVisits(options: VisitsOptions): Promise<Visits> {
  const { allowNetworks } = options;
  await using opened = new AsyncDisposableStack();
  const testnet =
    options.testnet === undefined ? undefined : opened.use(await openNamedTestnet(options.testnet));
  const network = testnet?.network ?? systemNetwork;
  const users = opened.use(
    await openVirtualUsers({
      network,
      mode: options.mode,
      parallel: options.parallel,
      log: options.log,
      ...(allowNetworks !== undefined && { allowNetworks }),
    }),
  );
  const held = opened.move();
  return {
    async visit({ url, persona, interact, lane, timeoutSeconds, crawl }, { signal, onProgress }) {
      const request = {
        url,
        persona: personaOf(persona),
        signal,
        ...(timeoutSeconds !== undefined && { limits: { totalMs: timeoutSeconds * 1000 } }),
        ...(crawl !== undefined && { crawl }),
      };
      if (lane === 'http')
        return captureHttp({ ...request, network, ...(allowNetworks !== undefined && { allowNetworks }) });
      return users.visit({
        ...request,
        ...(interact !== undefined && { interact }),
        ...(onProgress !== undefined && { onProgress }),
      });
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

function personaOf(persona: CaptureJob['persona']): Persona {
  if (typeof persona === 'object') return persona;
  const known = PERSONAS.find(({ id }) => id === (persona ?? PERSONAS[0]!.id));
  if (known !== undefined) return known;
  throw new AditError('persona-unknown', `There is no persona ${persona}.`, {
    advice: `There are ${PERSONAS.map(({ id }) => id).join(', ')}.`,
  });
}
