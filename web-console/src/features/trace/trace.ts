import { useQuery } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import { keys } from "@/api/keys";
import type { CallTrace } from "@/api/types";

/** Asked for when it is opened, not before: each look is in the audit log. */
export function useTrace(callId: string, opened: boolean) {
  return useQuery<CallTrace>({
    queryKey: keys.trace(callId),
    enabled: opened,
    // Nobody looks again by moving the window.
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    queryFn: () =>
      answer(api.GET("/api/v1/calls/{id}/trace", { params: { path: { id: callId } } })),
  });
}

export function captureUrl(callId: string): string {
  return `/api/v1/calls/${callId}/trace.pcap`;
}
