import type { Route, RouteTarget } from "@/api/types";

export const KINDS = ["queue", "user", "external"] as const;
export type Kind = (typeof KINDS)[number];

/** The fields as the form holds them; only the one of the chosen kind counts. */
export interface RouteValues {
  pattern: string;
  label: string;
  kind: Kind;
  queue: string | null;
  user: string | null;
  number: string;
  position: number | string;
}

/** Where the form's number leads; `null` while that is not filled in. */
export function targetOf({ kind, queue, user, number }: RouteValues): RouteTarget | null {
  switch (kind) {
    case "queue":
      return queue === null ? null : { kind, queue_id: queue };
    case "user":
      return user === null ? null : { kind, user_id: user };
    case "external":
      return number.trim() === "" ? null : { kind, number: number.trim() };
  }
}

/** Between places, so that another number can be put in between later. */
const GAP = 10;

/** The place after all others. */
export function nextPosition(routes: readonly Route[]): number {
  return Math.max(0, ...routes.map(({ position }) => position)) + GAP;
}

/** Digits, `+` or not, and a star at the end: what the hub takes as a pattern. */
export function isPattern(text: string): boolean {
  return /^\+?\d*\*?$/.test(text) && /[\d*]/.test(text);
}

/** A number as people write it, without what only groups its digits. */
export function tidyPattern(text: string): string {
  return text.replace(/[\s().-]/g, "");
}

/** Queues to which no number leads: customers cannot reach them. */
export function unreached<Q extends { id: string }>(
  queues: readonly Q[],
  routes: readonly Route[],
): Q[] {
  const reached = new Set(
    routes.map(({ target }) => (target.kind === "queue" ? target.queue_id : null)),
  );
  return queues.filter(({ id }) => !reached.has(id));
}
