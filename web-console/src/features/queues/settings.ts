import type { Queue } from "@/api/types";

const MS_PER_S = 1_000;

/** What callers of a queue hear, in the order in which they hear it. */
export const SOUNDS = ["greeting", "music", "overflow"] as const;
type Sound = (typeof SOUNDS)[number];

/** Whether its calls are recorded, where it does not follow the house. */
export const POLICIES = ["always", "on_demand", "never"] as const;

/** What its customers are told before a recording, where it does not follow the house. */
export const NOTICES = ["silent", "announce", "consent"] as const;

/** The fields as the form holds them: seconds, an empty field and the usual sound are `""`. */
export type Settings = Record<"ring" | "wrapUp" | "maxWait", number | string> &
  Record<Sound, string> & { recording: string; notice: string; keepDays: number | string };

export function formOf(queue: Queue): Settings {
  return {
    ring: queue.ring_timeout_ms / MS_PER_S,
    wrapUp: queue.wrap_up_ms / MS_PER_S,
    maxWait: queue.max_wait_ms != null ? queue.max_wait_ms / MS_PER_S : "",
    greeting: queue.greeting ?? "",
    music: queue.music ?? "",
    overflow: queue.overflow ?? "",
    recording: queue.recording ?? "",
    notice: queue.recording_notice ?? "",
    keepDays: queue.recording_days ?? "",
  };
}

/** The request for these settings; `null` empties: no limit, the usual sound. */
export function patchOf(values: Settings) {
  return {
    ring_timeout_ms: Number(values.ring) * MS_PER_S,
    wrap_up_ms: Number(values.wrapUp) * MS_PER_S,
    max_wait_ms: values.maxWait === "" ? null : Number(values.maxWait) * MS_PER_S,
    greeting: values.greeting || null,
    music: values.music || null,
    overflow: values.overflow || null,
    recording_days: values.keepDays === "" ? null : Number(values.keepDays),
    recording: POLICIES.find((policy) => policy === values.recording) ?? null,
    recording_notice: NOTICES.find((notice) => notice === values.notice) ?? null,
  };
}

/**
 * The sounds to choose from: first the usual one, by the words for it; one that is set and has
 * since been lost stays visible.
 */
export function soundChoices(
  sounds: readonly string[],
  current: string | null | undefined,
  usual: string,
) {
  const names = current && !sounds.includes(current) ? [current, ...sounds] : sounds;
  return [{ value: "", label: usual }, ...names.map((value) => ({ value, label: value }))];
}
