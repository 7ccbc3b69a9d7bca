import { type InfiniteData, type QueryKey, useInfiniteQuery } from "@tanstack/react-query";
import type { Page } from "./types";

/** Pages of one list kept in memory: some 5,000 rows, more than anybody scrolls. */
const MOST_PAGES = 100;

/** A list that loads its next page when it is scrolled to. */
export function usePages<T>(
  queryKey: QueryKey,
  fetchPage: (cursor: string | undefined) => Promise<Page<T>>,
  enabled = true,
) {
  return useInfiniteQuery<Page<T>, Error, InfiniteData<Page<T>>, QueryKey, string | undefined>({
    queryKey,
    enabled,
    queryFn: ({ pageParam }) => fetchPage(pageParam),
    initialPageParam: undefined,
    getNextPageParam: (last, pages) =>
      pages.length < MOST_PAGES ? (last.next_cursor ?? undefined) : undefined,
    // While a filter changes, the old rows stay: no flicker under the eye.
    placeholderData: (previous) => previous,
  });
}

/** All rows loaded so far. */
export function rowsOf<T>(data: InfiniteData<Page<T>> | undefined): T[] {
  return data?.pages.flatMap((page) => page.items) ?? [];
}
