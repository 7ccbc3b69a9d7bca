import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { keys } from "./keys";
import { ApiError, asApiError, UNREACHABLE } from "./problem";

/** Lists are fed by live events or refetched on focus; half a minute spares the hub flicking between pages. */
const STALE_AFTER_MS = 30_000;
/** A hub that restarts is back within this many tries. */
const RETRIES = 3;

declare module "@tanstack/react-query" {
  interface Register {
    mutationMeta: {
      /** The form shows the problem itself: no notification. */
      quiet?: boolean;
    };
  }
}

/** One cache for the whole console. `tell` shows a problem that no form shows. */
export function createQueryClient(tell: (error: ApiError) => void): QueryClient {
  const signedOut = (error: unknown) => {
    if (error instanceof ApiError && error.code === "not_signed_in") {
      client.setQueryData(keys.session, null);
    }
  };
  const client = new QueryClient({
    queryCache: new QueryCache({ onError: signedOut }),
    mutationCache: new MutationCache({
      onError: (error, _variables, _result, mutation) => {
        signedOut(error);
        if (!mutation.meta?.quiet) tell(asApiError(error));
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: STALE_AFTER_MS,
        retry: (count, error) =>
          count < RETRIES &&
          (asApiError(error).code === UNREACHABLE || asApiError(error).status >= 500),
      },
      mutations: { retry: false },
    },
  });
  return client;
}
