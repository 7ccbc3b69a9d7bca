import { fireEvent, screen, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import type { Segment } from "@/api/types";
import { show } from "../../../tests/render";
import { session } from "../../../tests/samples";
import { SegmentList } from "./SegmentList";
import { nextSegment, previousSegment, segmentAt, segmentByKey } from "./segments";

const ANA = { user_id: "a", user_name: "Ana" };
const SEGMENTS: Segment[] = [
  { kind: "talk", from_ms: 0, to_ms: 5_000, ...ANA },
  { kind: "pause", from_ms: 5_000, to_ms: 9_000, ...ANA },
  { kind: "conference", from_ms: 9_000, to_ms: 65_000, ...ANA },
];

describe("segments", () => {
  it("are found by a position", () => {
    expect([0, 4_900, 4_999.9, 5_000, 64_900, 65_000].map((at) => segmentAt(SEGMENTS, at))).toEqual(
      [0, 0, 1, 1, 2, -1],
    );
  });

  it("are left and gone back to", () => {
    expect(nextSegment(SEGMENTS, 0)).toBe(5_000);
    expect(nextSegment(SEGMENTS, 4_999.9), "landed beside it").toBe(9_000);
    expect(nextSegment(SEGMENTS, 9_000)).toBeNull();
    expect(previousSegment(SEGMENTS, 30_000)).toBe(9_000);
    expect(previousSegment(SEGMENTS, 9_500), "just begun").toBe(5_000);
    expect(previousSegment(SEGMENTS, 300)).toBe(0);
    expect(segmentByKey("N", SEGMENTS, 0)).toBe(5_000);
    expect(segmentByKey("p", SEGMENTS, 30_000)).toBe(9_000);
    expect(segmentByKey("x", SEGMENTS, 0)).toBeNull();
    expect(segmentByKey("p", [], 0)).toBeNull();
  });

  it("are listed with time, kind and who, and lead to their place", async () => {
    const seek = vi.fn();
    await show(<SegmentList segments={SEGMENTS} atMs={6_000} seek={seek} />, session([]));
    const list = await screen.findByRole("list", { name: "Segments" });
    const lines = within(list).getAllByRole("button");
    expect(lines.map((line) => line.textContent)).toEqual([
      "0:00 – 0:05TalkAna",
      "0:05 – 0:09Recording pausedAna",
      "0:09 – 1:05ConferenceAna",
    ]);
    expect(lines.map((line) => line.getAttribute("aria-current"))).toEqual([null, "true", null]);
    fireEvent.click(lines[2] as HTMLElement);
    fireEvent.click(screen.getByRole("button", { name: "Next segment" }));
    fireEvent.click(screen.getByRole("button", { name: "Previous segment" }));
    expect(seek.mock.calls).toEqual([[9_000], [9_000], [0]]);
  });
});
