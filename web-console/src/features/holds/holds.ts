import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import { keys } from "@/api/keys";
import { usePages } from "@/api/pages";
import type { Hold, Recording } from "@/api/types";

/** What is held: one recording, or every recording of a contact. */
export interface Held {
  kind: "recording" | "contact";
  id: string;
}

/** What stands: for a recording its own hold and its contact's. */
export function useHolds({ kind, id }: Held, wanted: boolean) {
  return useQuery<Hold[]>({
    queryKey: keys.holds({ kind, id }),
    enabled: wanted,
    queryFn: async () => {
      const at = { params: { path: { id } } };
      const asked =
        kind === "recording"
          ? api.GET("/api/v1/recordings/{id}/hold", at)
          : api.GET("/api/v1/contacts/{id}/hold", at);
      return (await answer(asked)).items;
    },
  });
}

export function useAllHolds() {
  return usePages<Hold>(keys.holds({ all: true }), (cursor) =>
    answer(api.GET("/api/v1/holds", { params: { query: { cursor } } })),
  );
}

/** Places a hold with its reason, or lifts the one that stands. */
export function useSetHold({ kind, id }: Held, lifts: boolean) {
  const cache = useQueryClient();
  return useMutation({
    meta: { quiet: true },
    mutationFn: async (reason: string): Promise<void> => {
      const path = { id };
      if (lifts) {
        const params = { path, query: { reason } };
        if (kind === "recording")
          await answer(api.DELETE("/api/v1/recordings/{id}/hold", { params }));
        else await answer(api.DELETE("/api/v1/contacts/{id}/hold", { params }));
        return;
      }
      const asked = { params: { path }, body: { reason } };
      if (kind === "recording") await answer(api.PUT("/api/v1/recordings/{id}/hold", asked));
      else await answer(api.PUT("/api/v1/contacts/{id}/hold", asked));
    },
    onSuccess: () => cache.invalidateQueries({ queryKey: keys.holds() }),
  });
}

/** Reads the file on the hub and compares it with its sum. */
export function useVerify(id: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: () =>
      answer(api.POST("/api/v1/recordings/{id}/verify", { params: { path: { id } } })),
    onSuccess: (recording: Recording) => cache.setQueryData(keys.recording(id), recording),
  });
}
