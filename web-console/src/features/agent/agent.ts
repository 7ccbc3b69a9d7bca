import { skipToken, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import { keys } from "@/api/keys";
import type { MyAgent, NotReadyReason, WantedState } from "@/api/types";
import { useMay } from "@/features/session/session";
import { useIsLive, useTopic } from "@/live/LiveProvider";

/** Longer than a working day: reasons are settings. */
const REASONS_STALE_MS = 12 * 3_600_000;

/**
 * The agent's own state, fed by topic `agent` alone: one source, so no answer to an older request
 * can overwrite a newer event. `undefined` until the first snapshot.
 */
export function useMyAgent(): MyAgent | undefined {
  const may = useMay();
  useTopic("agent", may("handle_calls"));
  return useQuery<MyAgent>({ queryKey: keys.agent, queryFn: skipToken }).data;
}

/** Takes the answer only while no events arrive: otherwise the event is on its way already. */
function useTakeAnswer(): (mine: MyAgent) => void {
  const cache = useQueryClient();
  const isLive = useIsLive();
  return (mine) => {
    if (!isLive()) cache.setQueryData(keys.agent, mine);
  };
}

export function useSetState() {
  const take = useTakeAnswer();
  return useMutation({
    mutationFn: (body: { state: WantedState; reason?: string }) =>
      answer(api.PUT("/api/v1/agent/state", { body })),
    onSuccess: take,
  });
}

export function useChoosePhone() {
  const take = useTakeAnswer();
  return useMutation({
    mutationFn: (phone_id: string) =>
      answer(api.PUT("/api/v1/agent/phone", { body: { phone_id } })),
    onSuccess: take,
  });
}

export function useFinishWrapUp() {
  const take = useTakeAnswer();
  return useMutation({
    mutationFn: () => answer(api.POST("/api/v1/agent/wrap-up/finish")),
    onSuccess: take,
  });
}

export function useReasons() {
  return useQuery<NotReadyReason[]>({
    queryKey: keys.reasons,
    staleTime: REASONS_STALE_MS,
    queryFn: () => answer(api.GET("/api/v1/not-ready-reasons")),
  });
}

export type CallAction = "answer" | "reject" | "hang-up";

/** Presses a key of the agent's own phone. */
export function useCallAction() {
  return useMutation({
    mutationFn: ({ call, action }: { call: string; action: CallAction }) => {
      const at = { params: { path: { id: call } } };
      switch (action) {
        case "answer":
          return answer(api.POST("/api/v1/calls/{id}/answer", at));
        case "reject":
          return answer(api.POST("/api/v1/calls/{id}/reject", at));
        case "hang-up":
          return answer(api.POST("/api/v1/calls/{id}/hang-up", at));
      }
    },
  });
}
