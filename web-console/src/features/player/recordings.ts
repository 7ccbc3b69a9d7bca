import { useQuery } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import { keys } from "@/api/keys";
import type { Recording, Segment, Waveform } from "@/api/types";

/** Points of the drawn waveform: enough for the widest player at one bar per three pixels. */
const WAVEFORM_BUCKETS = 600;

export function useRecording(id: string) {
  return useQuery<Recording>({
    queryKey: keys.recording(id),
    queryFn: () => answer(api.GET("/api/v1/recordings/{id}", { params: { path: { id } } })),
  });
}

export function useWaveform(id: string, wanted: boolean) {
  return useQuery<Waveform>({
    queryKey: keys.waveform(id),
    enabled: wanted,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () =>
      answer(
        api.GET("/api/v1/recordings/{id}/waveform", {
          params: { path: { id }, query: { buckets: WAVEFORM_BUCKETS } },
        }),
      ),
  });
}

/** What each stretch of a recording is; none where it was made before there were any. */
export function useSegments(id: string) {
  return useQuery<Segment[]>({
    queryKey: keys.segments(id),
    queryFn: () =>
      answer(api.GET("/api/v1/recordings/{id}/segments", { params: { path: { id } } })),
  });
}

/** Streamed with range requests; asking for it counts as listening. */
export function audioUrl(id: string): string {
  return `/api/v1/recordings/${encodeURIComponent(id)}/audio`;
}
