import { checkQuery, evaluateSearch } from '#investigate';
import type { Alert, SavedSearch } from '#store';
import type { AnswerContext, Answers } from '../answer.ts';
import { markedOf } from './search.ts';

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
    await evaluateSearch({ store, searches, marked: markedOf(workspace) }, search);
    return searches.get(search.owner, search.id);
  };
  return {
    listSearches: async ({ actor }) => ({ searches: (await searches.list(actor)).map(searchJson) }),
    createSearch: async ({ body, actor }) => {
      await checkQuery(store, body.query);
      return searchJson(await begun(await searches.create(actor, body)));
    },
    changeSearch: async ({ params, body, actor }) => {
      if (body.query !== undefined) await checkQuery(store, body.query);
      return searchJson(await begun(await searches.change(actor, params.id, body)));
    },
    deleteSearch: ({ params, actor }) => searches.delete(actor, params.id),
    listAlerts: async ({ query, actor }) => ({
      alerts: (await searches.alerts(actor, query)).map(alertJson),
    }),
    acknowledgeAlerts: async ({ body, actor }) => ({ acknowledged: await searches.acknowledge(actor, body) }),
  };
}

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
