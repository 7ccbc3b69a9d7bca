import { useMutation } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import type { CallTarget } from "@/api/types";

/** What is done to a running call; the hub says by events what came of it. */
export type Control =
  | { kind: "hold" | "resume" | "complete" | "cancel" | "conference" }
  | { kind: "transfer" | "consult" | "participants"; to: CallTarget }
  | { kind: "digits"; digits: string };

export function useCallControl(id: string) {
  const at = { params: { path: { id } } };
  return useMutation({
    mutationFn: (control: Control) => {
      switch (control.kind) {
        case "hold":
          return answer(api.POST("/api/v1/calls/{id}/hold", at));
        case "resume":
          return answer(api.POST("/api/v1/calls/{id}/resume", at));
        case "complete":
          return answer(api.POST("/api/v1/calls/{id}/consult/complete", at));
        case "cancel":
          return answer(api.POST("/api/v1/calls/{id}/consult/cancel", at));
        case "conference":
          return answer(api.POST("/api/v1/calls/{id}/consult/conference", at));
        case "digits":
          return answer(
            api.POST("/api/v1/calls/{id}/digits", { ...at, body: { digits: control.digits } }),
          );
        case "transfer":
          return answer(
            api.POST("/api/v1/calls/{id}/transfer", { ...at, body: { to: control.to } }),
          );
        case "consult":
          return answer(
            api.POST("/api/v1/calls/{id}/consult", { ...at, body: { to: control.to } }),
          );
        case "participants":
          return answer(
            api.POST("/api/v1/calls/{id}/participants", { ...at, body: { to: control.to } }),
          );
      }
    },
  });
}

/** Answers the slot that colleagues pick the call up by. */
export function usePark() {
  return useMutation({
    mutationFn: (id: string) =>
      answer(api.POST("/api/v1/calls/{id}/park", { params: { path: { id } } })),
  });
}

/** Rings one's own phone for a call that rings at a colleague's. */
export function useTakeRinging() {
  return useMutation({
    mutationFn: (id: string) =>
      answer(api.POST("/api/v1/calls/{id}/pick-up", { params: { path: { id } } })),
  });
}

export function usePickUp() {
  return useMutation({
    mutationFn: (slot: number) =>
      answer(api.POST("/api/v1/park/{slot}/pick-up", { params: { path: { slot } } })),
  });
}
