import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import { keys } from "@/api/keys";
import { usePages } from "@/api/pages";
import type { paths } from "@/api/schema";
import type { CallDetail, CallSummary, Disposition } from "@/api/types";

type Filter = Omit<NonNullable<paths["/api/v1/calls"]["get"]["parameters"]["query"]>, "cursor">;
type CallPatch = paths["/api/v1/calls/{id}"]["patch"]["requestBody"]["content"]["application/json"];

/** Longer than a working day: dispositions are settings. */
const DISPOSITIONS_STALE_MS = 12 * 3_600_000;

export function useCalls(filter: Filter) {
  return usePages<CallSummary>(keys.calls(filter), (cursor) =>
    answer(api.GET("/api/v1/calls", { params: { query: { ...filter, cursor } } })),
  );
}

export function useCall(id: string) {
  return useQuery<CallDetail>({
    queryKey: keys.call(id),
    queryFn: () => answer(api.GET("/api/v1/calls/{id}", { params: { path: { id } } })),
  });
}

/** Disposition, note, links and whose call it was. */
export function usePatchCall() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ id, body }: { id: string; body: CallPatch }) =>
      answer(api.PATCH("/api/v1/calls/{id}", { params: { path: { id } }, body })),
    onSuccess: (call) => {
      cache.setQueryData(keys.call(call.id), call);
      void cache.invalidateQueries({ queryKey: keys.calls() });
      if (call.contact) void cache.invalidateQueries({ queryKey: keys.timeline(call.contact.id) });
    },
  });
}

export function useDispositions() {
  return useQuery<Disposition[]>({
    queryKey: keys.dispositions,
    staleTime: DISPOSITIONS_STALE_MS,
    queryFn: () => answer(api.GET("/api/v1/dispositions")),
  });
}

/** Click-to-dial: my own phone rings first. */
export function useDial() {
  return useMutation({
    mutationFn: (body: { number: string; contact_id?: string }) =>
      answer(api.POST("/api/v1/calls", { body })),
  });
}
