import { randomUUID } from 'node:crypto';
import { LEAST_SCORE, match, type Verdict } from '#lookalike';
import type { Host, Observation } from '#model';
import type { ObservationStore } from '#store';
import { hostOf, type AnswerContext, type Answers } from '../answer.ts';

const PAGE = 100;
/** Names between looks at other requests. */
const ROUND = 500;

export function lookalikeAnswers({
  workbench,
}: AnswerContext): Pick<Answers, 'listLookalikes' | 'noteFound' | 'matchSeen' | 'keepNames' | 'matchNames'> {
  const { store, watch } = workbench;
  const { brands } = workbench.workspace;
  return {
    listLookalikes: async ({ params, query }) => {
      const { id, domains, owned } = await brands.find(params.id);
      const { level, technique, limit = PAGE, ...rest } = query;
      const page = await store.lookalikes({
        ...rest,
        brand: id,
        leastScore: level === undefined ? 0 : LEAST_SCORE[level],
        techniques: technique === undefined ? undefined : [technique].flat(),
        foreignTo: [...domains, ...owned],
        limit,
      });
      // A name that was matched by itself may have been visited all the same.
      const others = page.lookalikes.filter(({ captureId }) => captureId === undefined);
      const visits = await store.newestCaptures(others.map(({ host }) => hostOf(host)));
      return {
        ...page,
        lookalikes: page.lookalikes.map((each) => ({
          ...each,
          captureId: each.captureId ?? visits.get(hostOf(each.host)),
        })),
      };
    },
    noteFound: async ({ params, body: { by, candidates } }) => {
      const { id } = await brands.find(params.id);
      const found = candidates.map(({ host, addresses = [] }) => ({ host: hostOf(host), addresses }));
      await storeResolutions(store, found);
      const fresh = await brands.remember(
        id,
        by,
        [...new Map(found.map((each) => [each.host, each])).values()].map(({ host, addresses }) => ({
          host,
          detail: { addresses: addresses.map(({ address }) => address) },
        })),
      );
      return { fresh: fresh.map(({ host }) => host) };
    },
    matchSeen: async ({ body }) => {
      const ids: string[] = [];
      for (const each of body.brands ?? []) ids.push((await brands.find(each)).id);
      const matched = await workbench.matchSeen({ brands: body.brands === undefined ? undefined : ids });
      return { names: matched.names, found: matched.found, brands: matched.brands.length };
    },
    keepNames: async ({ body }) => ({ kept: await workbench.keepNames(body.names) }),
    matchNames: async ({ body: { names } }) => {
      const index = await watch.index();
      const verdicts: object[] = [];
      for (const [at, name] of names.entries()) {
        for (const verdict of match(index, name)) verdicts.push(toJson(name, verdict));
        if (at % ROUND === ROUND - 1) await new Promise(setImmediate);
      }
      return { verdicts };
    },
  };
}

interface Found {
  readonly host: Host;
  readonly addresses: readonly { readonly address: string; readonly type: 'A' | 'AAAA' }[];
}

/** What names resolved to when they were asked for; the names become known by it. */
async function storeResolutions(store: ObservationStore, found: readonly Found[]): Promise<void> {
  const seenAt = new Date().toISOString();
  const observations = found.flatMap(({ host, addresses }) =>
    addresses.map(({ address, type }): Observation => ({
      dataset: 'resolutions',
      source: host,
      label: type,
      target: address,
      seenAt,
      detail: {},
      evidence: {},
    })),
  );
  if (observations.length > 0) await store.add({ id: `resolutions ${randomUUID()}`, observations });
}

function toJson(name: string, verdict: Verdict): object {
  if (verdict.kind !== 'imitation') return { name, ...verdict };
  const { display, ...rest } = verdict;
  return { name, ...rest, display: display.text, refused: display.refused };
}
