import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import { keys } from "@/api/keys";
import type { SearchResults } from "@/api/types";

/** One letter finds everything, and so nothing; one Chinese character is a word. */
export function worthAsking(text: string): boolean {
  const trimmed = text.trim();
  return trimmed.length >= 2 || /\p{Script=Han}/u.test(trimmed);
}

export function useSearch(text: string) {
  const q = text.trim();
  return useQuery<SearchResults>({
    queryKey: keys.search(q),
    enabled: worthAsking(q),
    placeholderData: keepPreviousData,
    queryFn: () => answer(api.GET("/api/v1/search", { params: { query: { q } } })),
  });
}
