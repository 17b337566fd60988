import type { RouteId } from '#api';
import {
  MutationCache,
  QueryCache,
  QueryClient,
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query';
import { ApiError, call, type Input, type Reply } from './call.ts';

/** Answers are kept for a while, and asked for again when an event or an action says that they changed. */
export const answers = new QueryClient({
  queryCache: new QueryCache({ onError: askWho }),
  mutationCache: new MutationCache({ onError: askWho }),
  defaultOptions: {
    queries: {
      networkMode: 'always', // the server may well be this machine, which needs no network
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      // A no stays a no; what did not arrive is asked for once more.
      retry: (failures, error) => failures < 1 && error instanceof ApiError && error.problem.status === 0,
    },
    mutations: { retry: false, networkMode: 'always' },
  },
});

/** Whoever is told that they are not signed in may have been until now: the session is asked about, and the app follows. */
function askWho(error: unknown): void {
  if (error instanceof ApiError && error.problem.status === 401)
    void answers.invalidateQueries({ queryKey: ['getSession'] });
}

interface AskOptions {
  /** False: do not ask yet. */
  readonly enabled?: boolean;
  /** The answer before stays on screen while the next is on its way. */
  readonly keepPrevious?: boolean;
}

/** What a reading route answers, kept by its input. */
export function useApi<Id extends RouteId>(
  id: Id,
  input: Input<Id>,
  { enabled = true, keepPrevious = false }: AskOptions = {},
): UseQueryResult<Reply<Id>, ApiError> {
  // A tuple: the union of all routes' inputs is more than the compiler takes.
  const queryKey: readonly [RouteId, unknown] = [id, input];
  return useQuery<Reply<Id>, ApiError>({
    queryKey,
    queryFn: ({ signal }) => call(id, input, signal),
    enabled,
    ...(keepPrevious && { placeholderData: (before) => before }),
  });
}

/** A changing route as an action; answers of the routes in `changes` are asked for again when it is done. */
export function useAction<Id extends RouteId>(
  id: Id,
  changes: readonly RouteId[] = [],
): UseMutationResult<Reply<Id>, ApiError, Input<Id>> {
  const client = useQueryClient();
  return useMutation<Reply<Id>, ApiError, Input<Id>>({
    mutationFn: (input) => call(id, input),
    onSettled: async () => {
      await Promise.all(changes.map((route) => client.invalidateQueries({ queryKey: [route] })));
    },
  });
}
