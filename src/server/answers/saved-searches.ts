import { checkQuery, evaluateSearch } from '#investigate';
import type { Alert, SavedSearch } from '#store';
import type { AnswerContext, Answers } from '../answer.ts';
import type { Caller } from '../caller.ts';
import { markedFor } from './search.ts';

export function savedSearchAnswers({
  workbench: { store, workspace },
}: AnswerContext): Pick<
  Answers,
  'listSearches' | 'createSearch' | 'changeSearch' | 'deleteSearch' | 'listAlerts' | 'acknowledgeAlerts'
> {
  const { searches } = workspace;
  /** A new monitor knows at once what is no news. */
  const begun = async (search: SavedSearch): Promise<SavedSearch> => {
    if (!search.isWatched || search.evaluatedAt !== undefined) return search;
    await evaluateSearch({ store, searches, marked: markedFor(workspace) }, search);
    return searches.get(search.owner, search.id);
  };
  return {
    listSearches: async ({ caller }) => ({
      searches: (await searches.list(ownerOf(caller))).map(searchJson),
    }),
    createSearch: async ({ body, caller }) => {
      await checkQuery(store, body.query);
      return searchJson(await begun(await searches.create(ownerOf(caller), body)));
    },
    changeSearch: async ({ params, body, caller }) => {
      if (body.query !== undefined) await checkQuery(store, body.query);
      return searchJson(await begun(await searches.change(ownerOf(caller), params.id, body)));
    },
    deleteSearch: ({ params, caller }) => searches.delete(ownerOf(caller), params.id),
    listAlerts: async ({ query, caller }) => ({
      alerts: (await searches.alerts(ownerOf(caller), query)).map(alertJson),
    }),
    acknowledgeAlerts: async ({ body, caller }) => ({
      acknowledged: await searches.acknowledge(ownerOf(caller), body),
    }),
  };
}

/** Searches belong to an account, whichever of its keys or sessions asks. */
const ownerOf = ({ person }: Caller): string => person.user!; // guests by a link do not come here

function searchJson({ owner: _owner, createdAt, updatedAt, evaluatedAt, ...search }: SavedSearch) {
  return {
    ...search,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
    evaluatedAt: evaluatedAt?.toISOString(),
  };
}

function alertJson({ at, acknowledgedAt, ...alert }: Alert) {
  return { ...alert, at: at.toISOString(), acknowledgedAt: acknowledgedAt?.toISOString() };
}
