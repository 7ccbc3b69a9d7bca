import { describe, expect, it } from "vitest";
import { type Counts, countsFrom, gradeOf, qualityBetween } from "./quality";

const counts = (more: Partial<Counts> = {}): Counts => ({
  received: 0,
  lost: 0,
  jitterMs: null,
  roundTripMs: null,
  sentLoss: null,
  ...more,
});

describe("the grade", () => {
  it.each([
    [0, 5, 40, "good"],
    [1, 30, 250, "good"],
    [1.1, 5, 40, "fair"],
    [0, 31, 40, "fair"],
    [0, 5, 500, "fair"],
    [3.1, 5, 40, "poor"],
    [0, 61, 40, "poor"],
    [0, 5, 501, "poor"],
  ])("of %f %% lost, %i ms of jitter and %i ms there and back is %s", (loss, jitter, trip, grade) =>
    expect(gradeOf({ lossPct: loss, jitterMs: jitter, roundTripMs: trip })).toBe(grade),
  );

  it("is not known before anything has been counted", () => {
    expect(gradeOf({ lossPct: null, jitterMs: null, roundTripMs: null })).toBeNull();
    expect(gradeOf({ lossPct: 9, jitterMs: null, roundTripMs: null })).toBe("poor");
  });
});

describe("the figures", () => {
  it("are of the last seconds, on the worse of both ways", () => {
    const before = counts({ received: 900, lost: 100 });
    const now = counts({ received: 1_098, lost: 102, sentLoss: 0.005 });
    expect(qualityBetween(before, now).lossPct).toBe(1);
    expect(qualityBetween(before, counts({ ...now, sentLoss: 0.25 })).lossPct).toBe(25);
  });

  it("do not go below nothing when late packets arrive, nor divide by none", () => {
    const before = counts({ received: 900, lost: 100 });
    expect(qualityBetween(before, counts({ received: 1_050, lost: 90 })).lossPct).toBe(0);
    expect(qualityBetween(before, before).lossPct).toBeNull();
    expect(qualityBetween(null, counts()).lossPct).toBeNull();
  });

  it("are read from what the browser reports, in ms", () => {
    const rows = [
      { type: "inbound-rtp", packetsReceived: 50, packetsLost: 1, jitter: 0.012 },
      { type: "candidate-pair", nominated: true, currentRoundTripTime: 0.08 },
      { type: "codec", mimeType: "audio/opus" },
      { type: "remote-inbound-rtp", fractionLost: 0.01, roundTripTime: 0.05 },
    ];
    expect(countsFrom(rows)).toEqual({
      received: 50,
      lost: 1,
      jitterMs: 12,
      roundTripMs: 50,
      sentLoss: 0.01,
    });
    expect(countsFrom(rows.slice(0, 3)).roundTripMs).toBe(80);
    expect(countsFrom([{ type: "inbound-rtp", jitter: "soon" }])).toEqual(counts());
  });
});
