import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { answer, api } from "@/api/client";
import type { LiveCall } from "@/api/types";

export type Recorder = "start" | "stop" | "pause" | "resume";

interface Asked {
  kind: Recorder;
  /** For the audit log. */
  reason?: string;
}

/** What is done to the recording of a running call; events say what came of it. */
function steer(id: string, { kind, reason }: Asked) {
  const at = { params: { path: { id }, query: { reason } } };
  switch (kind) {
    case "start":
      return answer(api.POST("/api/v1/calls/{id}/recording/start", at));
    case "stop":
      return answer(api.POST("/api/v1/calls/{id}/recording/stop", at));
    case "pause":
      return answer(api.POST("/api/v1/calls/{id}/recording/pause", at));
    case "resume":
      return answer(api.POST("/api/v1/calls/{id}/recording/resume", at));
  }
}

export function useRecorder(id: string) {
  return useMutation({ mutationFn: (asked: Asked) => steer(id, asked) });
}

/**
 * While `reason` is given, neither sound nor keys of the call are kept. Afterwards they are again,
 * unless somebody had paused before.
 */
export function useRecordingPaused(call: LiveCall, reason: string | null): void {
  const { mutate } = useRecorder(call.id);
  const [mine, setMine] = useState(false);
  const paused = call.recording === "paused";
  useEffect(() => {
    if (reason !== null && !paused && !mine) {
      setMine(true);
      mutate({ kind: "pause", reason }, { onError: () => setMine(false) });
    } else if (reason === null && mine) {
      setMine(false);
      mutate({ kind: "resume" });
    }
  }, [reason, paused, mine, mutate]);
}

/** The reason of the marked part of the page (`data-pauses-recording="reason"`) that has the focus. */
export function useMarkedFocus(): string | null {
  const [reason, setReason] = useState<string | null>(null);
  useEffect(() => {
    const look = () => {
      const marked = document.activeElement?.closest<HTMLElement>("[data-pauses-recording]");
      setReason(marked?.dataset.pausesRecording ?? null);
    };
    // The next element has the focus only after the former lost it.
    const leave = () => queueMicrotask(look);
    document.addEventListener("focusin", look);
    document.addEventListener("focusout", leave);
    look();
    return () => {
      document.removeEventListener("focusin", look);
      document.removeEventListener("focusout", leave);
    };
  }, []);
  return reason;
}
