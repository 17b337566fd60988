import { useInfiniteQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { ApiError } from './call.ts';

/** A page of a list: what it holds, and the cursor of the next. */
interface Page {
  readonly cursor?: number | undefined;
}

interface Pages<Answer, Item> {
  /** Undefined: nothing has come yet. */
  readonly items: readonly Item[] | undefined;
  /** The first page, with what it says of the whole. */
  readonly first: Answer | undefined;
  readonly error: ApiError | null;
  readonly hasMore: boolean;
  /** Asks for the next page; for the end of a table. */
  readonly more: () => void;
  readonly retry: () => void;
}

/** A list that comes in pages, as one. `key` names it; `ask` gets a page by its cursor. */
export function usePages<Answer extends Page, Item>(
  key: readonly unknown[],
  ask: (cursor: number | undefined, signal: AbortSignal) => Promise<Answer>,
  itemsOf: (answer: Answer) => readonly Item[],
): Pages<Answer, Item> {
  const pages = useInfiniteQuery<
    Answer,
    ApiError,
    { readonly pages: readonly Answer[] },
    readonly unknown[],
    number | undefined
  >({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => ask(pageParam, signal),
    initialPageParam: undefined,
    getNextPageParam: ({ cursor }) => cursor,
    placeholderData: (before) => before,
  });
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = pages;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  return {
    items: pages.data?.pages.flatMap(itemsOf),
    first: pages.data?.pages[0],
    error: pages.error,
    hasMore: hasNextPage,
    more,
    retry: () => void pages.refetch(),
  };
}
