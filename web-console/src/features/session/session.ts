import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answer, api, setCsrfToken } from "@/api/client";
import { keys } from "@/api/keys";
import { ApiError } from "@/api/problem";
import type { Hub, Session } from "@/api/types";

/** Who is signed in; `null` when nobody is. */
export function useSessionQuery() {
  return useQuery<Session | null>({
    queryKey: keys.session,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => {
      try {
        return remember(await answer(api.GET("/api/v1/session")));
      } catch (error) {
        if (error instanceof ApiError && error.status === 401) return remember(null);
        throw error;
      }
    },
  });
}

function remember<T extends Session | null>(session: T): T {
  setCsrfToken(session?.csrf_token ?? null);
  return session;
}

/** The session, where the gate has made sure that there is one. */
export function useSession(): Session {
  const { data } = useSessionQuery();
  if (!data) throw new Error("only what the session gate shows may ask for the session");
  return data;
}

export type Right = Session["rights"][number];

/** Whether the user may; the hub decides again at each request. */
export function useMay(): (right: Right) => boolean {
  const { rights } = useSession();
  return (right) => rights.includes(right);
}

/** The hub as strangers see it. */
export function useHub() {
  return useQuery<Hub>({
    queryKey: keys.hub,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () => answer(api.GET("/api/v1/hub")),
  });
}

export function useSignIn() {
  const cache = useQueryClient();
  return useMutation({
    meta: { quiet: true },
    mutationFn: (body: { email: string; password: string }) =>
      answer(api.POST("/api/v1/session", { body })),
    onSuccess: (session) => cache.setQueryData(keys.session, remember(session)),
  });
}

export function useSignOut() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: () => answer(api.DELETE("/api/v1/session")),
    onSettled: () => {
      remember(null);
      // Nothing of one user is left for the next.
      cache.removeQueries({ predicate: (query) => query.queryKey[0] !== keys.session[0] });
      cache.setQueryData(keys.session, null);
    },
  });
}
