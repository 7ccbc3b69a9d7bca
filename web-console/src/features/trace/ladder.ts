import type { CallTrace, Leg } from "@/api/types";

/** Who stands at the head of a column. */
export interface Party {
  key: string;
  kind: "customer" | "agent" | "hub" | "other";
  /** The number or the phone; of the hub none. */
  peer: string;
}

/** One message, between two columns. */
export interface Step {
  message: CallTrace["messages"][number];
  /** Columns, from 0. */
  from: number;
  to: number;
  /** Since the first message, and since the one before. */
  atMs: number;
  deltaMs: number;
  /** The same was said before: a network that loses, or a peer that does not answer. */
  copy: boolean;
}

const HUB = "hub";

/** The columns, customers left of the hub and all others right of it, and the steps between. */
export function ladder(
  trace: CallTrace,
  legs: readonly Leg[],
): { parties: Party[]; steps: Step[] } {
  const parties = partiesOf(trace, legs);
  const column = new Map(parties.map((party, n) => [party.key, n]));
  const hub = column.get(HUB) ?? 0;
  const first = msOf(trace.messages[0]?.at);
  let before = first;
  const said = new Set<string>();
  const steps = trace.messages.map((message) => {
    const peer = column.get(keyOf(message)) ?? hub;
    const at = msOf(message.at);
    const wording = `${keyOf(message)} ${message.incoming} ${message.text}`;
    const step: Step = {
      message,
      from: message.incoming ? peer : hub,
      to: message.incoming ? hub : peer,
      atMs: at - first,
      deltaMs: at - before,
      copy: said.has(wording),
    };
    before = at;
    said.add(wording);
    return step;
  });
  return { parties, steps };
}

function partiesOf(trace: CallTrace, legs: readonly Leg[]): Party[] {
  const spoken = new Set(trace.messages.map(keyOf));
  const known: Party[] = legs
    .filter((leg) => spoken.has(leg.id))
    .map((leg) => ({ key: leg.id, kind: leg.role, peer: leg.peer }));
  const knownKeys = new Set(known.map((party) => party.key));
  const others: Party[] = [...spoken]
    .filter((key) => !knownKeys.has(key))
    .map((key) => ({ key, kind: "other", peer: key }));
  const customers = known.filter((party) => party.kind === "customer");
  const rest = known.filter((party) => party.kind !== "customer");
  return [...customers, { key: HUB, kind: HUB, peer: "" }, ...rest, ...others];
}

/** Where the rows do not know the leg, its address has to do. */
function keyOf(message: CallTrace["messages"][number]): string {
  return message.leg_id ?? (message.incoming ? message.from : message.to);
}

const MS_PER_S = 1_000;
const MICROS_PER_MS = 1_000;

/** `Date` drops what is below a millisecond. */
function msOf(at: string | undefined): number {
  if (at === undefined) return 0;
  const micros = /\.\d{3}(\d{3})/.exec(at)?.[1];
  return Date.parse(at) + (micros ? Number(micros) / MICROS_PER_MS : 0);
}

/** Seconds to the millisecond, as a trace is read. */
export function seconds(ms: number, language: string): string {
  return (ms / MS_PER_S).toLocaleString(language, {
    minimumFractionDigits: 3,
    maximumFractionDigits: 3,
  });
}
