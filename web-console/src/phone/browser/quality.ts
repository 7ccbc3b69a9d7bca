/** Figures of the last seconds; `null` where the browser does not know yet. */
export interface Quality {
  /** Lost on the worse of the two ways, percent of the packets. */
  lossPct: number | null;
  jitterMs: number | null;
  roundTripMs: number | null;
}

export type Grade = "good" | "fair" | "poor";

/** What the browser counts from the beginning of the call. */
export interface Counts {
  received: number;
  lost: number;
  jitterMs: number | null;
  roundTripMs: number | null;
  /** The hub's report on what it gets from us (RFC 3550 section 6.4.1), a fraction of 1. */
  sentLoss: number | null;
}

/**
 * Bounds of good and of fair. Loss: concealment hides 1 %, and 3 % is heard but understood (ITU-T
 * G.113 appendix I). Delay: 150 ms one way disturbs nobody, 400 ms is the end (ITU-T G.114); a round
 * trip is twice that, of which the phones themselves take some. Jitter: what a jitter buffer takes
 * without adding to the delay that is heard.
 */
const BOUNDS = {
  lossPct: [1, 3],
  jitterMs: [30, 60],
  roundTripMs: [250, 500],
} as const satisfies Record<keyof Quality, readonly [number, number]>;

const FIGURES = ["lossPct", "jitterMs", "roundTripMs"] as const;
const GRADES = ["good", "fair", "poor"] as const;

/** The worst figure decides; `null` while none is known. */
export function gradeOf(quality: Quality): Grade | null {
  const grades = FIGURES.flatMap((figure) => {
    const value = quality[figure];
    if (value === null) return [];
    const [good, fair] = BOUNDS[figure];
    return value <= good ? [0] : value <= fair ? [1] : [2];
  });
  return grades.length === 0 ? null : (GRADES[Math.max(...grades)] ?? null);
}

/** The figures between two counts. */
export function qualityBetween(before: Counts | null, now: Counts): Quality {
  const expected = now.received + now.lost - (before ? before.received + before.lost : 0);
  // Late packets take back what was counted as lost.
  const lost = Math.max(0, now.lost - (before?.lost ?? 0));
  const receivedLoss = expected > 0 ? (100 * lost) / expected : null;
  const sentLoss = now.sentLoss === null ? null : 100 * now.sentLoss;
  return {
    lossPct:
      receivedLoss === null && sentLoss === null
        ? null
        : Math.max(receivedLoss ?? 0, sentLoss ?? 0),
    jitterMs: now.jitterMs,
    roundTripMs: now.roundTripMs,
  };
}

const MS_PER_S = 1_000;

/** One row of `getStats`, of which each kind has other fields (W3C WebRTC Statistics). */
type Row = Readonly<Record<string, unknown>>;

/** Reads a connection's statistics; rows of kinds it does not know are passed over. */
export function countsFrom(rows: Iterable<Row>): Counts {
  const counts: Counts = {
    received: 0,
    lost: 0,
    jitterMs: null,
    roundTripMs: null,
    sentLoss: null,
  };
  for (const row of rows) {
    if (row.type === "inbound-rtp") {
      counts.received = number(row.packetsReceived) ?? 0;
      counts.lost = number(row.packetsLost) ?? 0;
      counts.jitterMs = inMs(row.jitter);
    } else if (row.type === "remote-inbound-rtp") {
      counts.sentLoss = number(row.fractionLost);
      counts.roundTripMs = inMs(row.roundTripTime) ?? counts.roundTripMs;
    } else if (row.type === "candidate-pair" && row.nominated === true) {
      counts.roundTripMs ??= inMs(row.currentRoundTripTime);
    }
  }
  return counts;
}

function number(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

function inMs(value: unknown): number | null {
  const seconds = number(value);
  return seconds === null ? null : seconds * MS_PER_S;
}
