import type { PhoneCredentials } from "@/api/types";
import { idle, type Line, type LineInput, stepLine } from "./line";
import { first, type Link, type LinkInput, stepLink } from "./link";

/** The browser phone of one tab. One tab of all that a person has open holds the phone. */
export type Phone =
  | { kind: "off" }
  /** Another tab or browser has it (`taken`), and a call in it (`confirm`: the person is being asked). */
  | { kind: "turn"; taken: boolean; confirm: boolean }
  | { kind: "here"; link: Link; line: Line };

export type Input =
  | { kind: "want"; wanted: boolean }
  | { kind: "lock_taken" }
  | { kind: "lock_granted" }
  | { kind: "lock_lost" }
  | { kind: "use_here" }
  | { kind: "holder_answered"; busy: boolean }
  | { kind: "use_here_anyway" }
  | { kind: "stay_away" }
  | LinkInput
  | LineInput;

export type Effect =
  | { kind: "lock" }
  | { kind: "unlock" }
  | { kind: "steal" }
  | { kind: "ask_holder" }
  | { kind: "ask_credentials" }
  | { kind: "start"; credentials: PhoneCredentials }
  | { kind: "renew"; credentials: PhoneCredentials }
  | { kind: "stop" }
  | { kind: "abandon" }
  | { kind: "answer"; call: string; muted: boolean }
  | { kind: "reject"; call: string; status: number }
  | { kind: "hang_up"; call: string }
  | { kind: "mute"; muted: boolean };

export interface Stepped {
  phone: Phone;
  effects: Effect[];
}

export const initial: Phone = { kind: "off" };

/**
 * Decides everything; [`BrowserPhone`] carries it out. `nowMs` is the hub's time, by which
 * credentials end; `chance` lies between 0 and 1.
 */
export function step(phone: Phone, input: Input, nowMs: number, chance: number): Stepped {
  if (input.kind === "want") return want(phone, input.wanted);
  switch (phone.kind) {
    case "off":
      return stay(phone);
    case "turn":
      return turn(phone, input);
    case "here":
      return here(phone, input, nowMs, chance);
  }
}

function stay(phone: Phone): Stepped {
  return { phone, effects: [] };
}

function want(phone: Phone, wanted: boolean): Stepped {
  if (wanted === (phone.kind !== "off")) return stay(phone);
  if (wanted) {
    return { phone: { kind: "turn", taken: false, confirm: false }, effects: [{ kind: "lock" }] };
  }
  const leaving: Effect[] = phone.kind === "here" ? [{ kind: "stop" }] : [];
  return { phone: initial, effects: [...leaving, { kind: "unlock" }] };
}

function turn(phone: Phone & { kind: "turn" }, input: Input): Stepped {
  switch (input.kind) {
    case "lock_taken":
      return stay({ ...phone, taken: true });
    case "lock_granted":
      return {
        phone: { kind: "here", link: first, line: idle },
        effects: [{ kind: "ask_credentials" }],
      };
    case "use_here":
      return { phone, effects: [{ kind: "ask_holder" }] };
    case "holder_answered":
      return input.busy
        ? stay({ ...phone, confirm: true })
        : { phone, effects: [{ kind: "steal" }] };
    case "use_here_anyway":
      // Only after the question: one press never takes a call from another tab.
      return phone.confirm
        ? { phone: { ...phone, confirm: false }, effects: [{ kind: "steal" }] }
        : stay(phone);
    case "stay_away":
      return stay({ ...phone, confirm: false });
    case "lock_lost":
      return { phone, effects: [{ kind: "lock" }] };
    default:
      return stay(phone);
  }
}

function here(
  phone: Phone & { kind: "here" },
  input: Input,
  nowMs: number,
  chance: number,
): Stepped {
  switch (input.kind) {
    case "lock_lost":
      // Nothing is said on the wire: an unregistration would fall on the tab that has it now, and
      // the hub rings that tab for a call that runs.
      return {
        phone: { kind: "turn", taken: true, confirm: false },
        effects: [{ kind: "abandon" }, { kind: "lock" }],
      };
    case "unregistered":
      return displaced(phone, input.status)
        ? // The lock stays ours: another tab of this browser would only take the phone back.
          {
            phone: { kind: "turn", taken: true, confirm: false },
            effects: [{ kind: "abandon" }],
          }
        : linked(phone, input, nowMs, chance);
    case "credentials":
    case "no_credentials":
    case "registered":
    case "tick":
      return linked(phone, input, nowMs, chance);
    case "invite":
    case "answer":
    case "reject":
    case "hang_up":
    case "set_muted":
    case "microphone_failed":
    case "established":
    case "ended": {
      const { line, effects } = stepLine(phone.line, input);
      return { phone: { ...phone, line }, effects };
    }
    default:
      return stay(phone);
  }
}

/** RFC 3261 sections 21.4.2 and 21.4.4: the secret that was good is so no longer. */
const NO_LONGER_GOOD: readonly (number | null)[] = [401, 403];

/**
 * The hub gives one secret at a time: when ours ends before its time, a browser elsewhere has asked
 * for its own. It keeps the phone until this person wants it here; a running call stays.
 */
function displaced({ link, line }: Phone & { kind: "here" }, status: number | null): boolean {
  return link.kind === "registered" && line.kind === "idle" && NO_LONGER_GOOD.includes(status);
}

function linked(
  phone: Phone & { kind: "here" },
  input: LinkInput,
  nowMs: number,
  chance: number,
): Stepped {
  const idle = phone.line.kind === "idle";
  const { link, effects } = stepLink(phone.link, idle, input, nowMs, chance);
  return { phone: { ...phone, link }, effects };
}
