import type { PhoneCredentials } from "@/api/types";
import type { Effect } from "./machine";

/** Credentials are renewed this long before they end: time for some tries. */
export const RENEW_BEFORE_MS = 60_000;
/** The first pause after a refusal; it doubles with each. */
export const FIRST_RETRY_MS = 1_000;
/** Well under the time that the hub keeps a caller for a phone that went away. */
export const LONGEST_RETRY_MS = 8_000;
/** 2^n passes the longest pause long before. */
const MOST_DOUBLINGS = 8;

/** Between this tab and the registrar. */
export type Link =
  /** The hub was asked for credentials. `last`: those that the endpoint runs with, if there is one. */
  | { kind: "asking"; last: PhoneCredentials | null; tries: number }
  | { kind: "registering"; credentials: PhoneCredentials; tries: number; again: boolean }
  /** `askedAtMs`: when fresh credentials were asked for. */
  | { kind: "registered"; credentials: PhoneCredentials; askedAtMs: number | null }
  | { kind: "resting"; last: PhoneCredentials | null; untilMs: number; tries: number };

export type LinkInput =
  | { kind: "credentials"; credentials: PhoneCredentials }
  | { kind: "no_credentials" }
  | { kind: "registered" }
  /** `null`: the connection was lost, and the endpoint is on its way back by itself. */
  | { kind: "unregistered"; status: number | null }
  | { kind: "tick" };

interface Stepped {
  link: Link;
  effects: Effect[];
}

export const first: Link = { kind: "asking", last: null, tries: 0 };

/** `idle`: no call runs on the endpoint, so that it may be replaced. */
export function stepLink(
  link: Link,
  idle: boolean,
  input: LinkInput,
  nowMs: number,
  chance: number,
): Stepped {
  switch (input.kind) {
    case "credentials":
      return took(link, idle, input.credentials, nowMs, chance);
    case "no_credentials":
      return stay(link.kind === "asking" ? rest(link.last, link.tries, nowMs, chance) : link);
    case "registered": {
      const credentials = running(link);
      if (credentials === null || link.kind === "registered") return stay(link);
      return stay({ kind: "registered", credentials, askedAtMs: null });
    }
    case "unregistered":
      return stay(fell(link, input.status, nowMs, chance));
    case "tick":
      return tick(link, nowMs);
  }
}

/** What the endpoint runs with; `null` before there is one. */
function running(link: Link): PhoneCredentials | null {
  return "credentials" in link ? link.credentials : link.last;
}

function stay(link: Link): Stepped {
  return { link, effects: [] };
}

function took(
  link: Link,
  idle: boolean,
  credentials: PhoneCredentials,
  nowMs: number,
  chance: number,
): Stepped {
  // Asked twice, answered twice: the first answer was enough.
  if (link.kind !== "asking" && link.kind !== "registered") return stay(link);
  const last = running(link);
  if (last?.username === credentials.username) {
    return {
      link:
        link.kind === "registered"
          ? { kind: "registered", credentials, askedAtMs: null }
          : { kind: "registering", credentials, tries: link.tries, again: true },
      effects: [{ kind: "renew", credentials }],
    };
  }
  if (last !== null && !idle) {
    // Another name is another endpoint, and this one carries a call: later, then.
    return stay(link.kind === "registered" ? link : rest(last, link.tries, nowMs, chance));
  }
  const stop: Effect[] = last === null ? [] : [{ kind: "stop" }];
  return {
    link: {
      kind: "registering",
      credentials,
      tries: link.kind === "asking" ? link.tries : 0,
      again: last !== null,
    },
    effects: [...stop, { kind: "start", credentials }],
  };
}

function fell(link: Link, status: number | null, nowMs: number, chance: number): Link {
  if (link.kind !== "registered" && link.kind !== "registering") return link;
  const tries = link.kind === "registered" ? 0 : link.tries;
  const again = link.kind === "registered" || link.again;
  return status === null
    ? { kind: "registering", credentials: link.credentials, tries, again }
    : rest(link.credentials, tries, nowMs, chance);
}

function tick(link: Link, nowMs: number): Stepped {
  if (link.kind === "resting" && nowMs >= link.untilMs) {
    return {
      link: { kind: "asking", last: link.last, tries: link.tries },
      effects: [{ kind: "ask_credentials" }],
    };
  }
  if (link.kind === "registered") {
    const due = nowMs >= Date.parse(link.credentials.expires_at) - RENEW_BEFORE_MS;
    const asked = link.askedAtMs !== null && nowMs < link.askedAtMs + LONGEST_RETRY_MS;
    if (due && !asked) {
      return { link: { ...link, askedAtMs: nowMs }, effects: [{ kind: "ask_credentials" }] };
    }
  }
  return stay(link);
}

function rest(last: PhoneCredentials | null, tries: number, nowMs: number, chance: number): Link {
  const pause = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(tries, MOST_DOUBLINGS));
  // Between half of the pause and the whole: a floor of phones does not knock at once.
  return { kind: "resting", last, untilMs: nowMs + pause * (0.5 + chance / 2), tries: tries + 1 };
}
