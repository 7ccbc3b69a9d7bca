import type { Effect } from "./machine";
import type { MicrophoneTrouble } from "./microphone";

/** The call in this tab's phone. There is one line: the hub holds, mixes and transfers. */
export type Line =
  | { kind: "idle" }
  /** `trouble`: why the last try to answer failed. */
  | { kind: "ringing"; call: string; caller: string; trouble: MicrophoneTrouble | null }
  /** The microphone is being opened, or the answer is on its way. */
  | { kind: "answering"; call: string; caller: string; muted: boolean }
  | { kind: "talking"; call: string; caller: string; muted: boolean };

export type LineInput =
  /** `auto`: the hub's word that the person has asked for this call. `muted`: as it was before a reload. */
  | { kind: "invite"; call: string; caller: string; auto: boolean; muted: boolean }
  | { kind: "answer" }
  | { kind: "reject" }
  | { kind: "hang_up" }
  | { kind: "set_muted"; muted: boolean }
  | { kind: "microphone_failed"; call: string; trouble: MicrophoneTrouble }
  | { kind: "established"; call: string }
  | { kind: "ended"; call: string };

interface Stepped {
  line: Line;
  effects: Effect[];
}

/** RFC 3261 section 21.6.2: the person does not want this call. */
const DECLINE = 603;
/** RFC 3261 section 21.4.24: the person is in a call. */
const BUSY_HERE = 486;

export const idle: Line = { kind: "idle" };

export function stepLine(line: Line, input: LineInput): Stepped {
  switch (input.kind) {
    case "invite":
      return invited(line, input);
    case "answer":
      return line.kind === "ringing"
        ? {
            line: { kind: "answering", call: line.call, caller: line.caller, muted: false },
            effects: [{ kind: "answer", call: line.call, muted: false }],
          }
        : stay(line);
    case "reject":
      return line.kind === "ringing"
        ? { line: idle, effects: [{ kind: "reject", call: line.call, status: DECLINE }] }
        : stay(line);
    case "hang_up":
      return line.kind === "answering" || line.kind === "talking"
        ? { line: idle, effects: [{ kind: "hang_up", call: line.call }] }
        : stay(line);
    case "set_muted":
      return (line.kind === "answering" || line.kind === "talking") && line.muted !== input.muted
        ? {
            line: { ...line, muted: input.muted },
            effects: [{ kind: "mute", muted: input.muted }],
          }
        : stay(line);
    case "microphone_failed":
      // It rings on: the person may allow the microphone and answer again while the hub rings.
      return line.kind === "answering" && line.call === input.call
        ? stay({ kind: "ringing", call: line.call, caller: line.caller, trouble: input.trouble })
        : stay(line);
    case "established":
      return line.kind === "answering" && line.call === input.call
        ? stay({ ...line, kind: "talking" })
        : stay(line);
    case "ended":
      return stay(line.kind !== "idle" && line.call === input.call ? idle : line);
  }
}

function stay(line: Line): Stepped {
  return { line, effects: [] };
}

function invited(
  line: Line,
  { call, caller, auto, muted }: LineInput & { kind: "invite" },
): Stepped {
  if (!auto) {
    return line.kind === "idle"
      ? stay({ kind: "ringing", call, caller, trouble: null })
      : { line, effects: [{ kind: "reject", call, status: BUSY_HERE }] };
  }
  // The hub resumes a call whose first connection it has given up: the new one takes its place.
  const before: Effect[] =
    line.kind === "idle"
      ? []
      : line.kind === "ringing"
        ? [{ kind: "reject", call: line.call, status: BUSY_HERE }]
        : [{ kind: "hang_up", call: line.call }];
  // Who was not heard before must not be heard now without a press.
  const stillMuted = muted || ("muted" in line && line.muted);
  return {
    line: { kind: "answering", call, caller, muted: stillMuted },
    effects: [...before, { kind: "answer", call, muted: stillMuted }],
  };
}
