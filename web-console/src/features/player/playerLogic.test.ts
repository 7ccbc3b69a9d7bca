import { describe, expect, it } from "vitest";
import {
  BIG_STEP_MS,
  columnsOf,
  nextSpeed,
  SPEEDS,
  STEP_MS,
  seekByKey,
  seekByPointer,
} from "./playerLogic";

const LONG = 64_000;

describe("keys", () => {
  it("step, leap and jump, and stay inside the recording", () => {
    expect(seekByKey("ArrowRight", false, 10_000, LONG)).toBe(10_000 + STEP_MS);
    expect(seekByKey("ArrowLeft", true, 40_000, LONG)).toBe(40_000 - BIG_STEP_MS);
    expect(seekByKey("ArrowLeft", false, 1_000, LONG)).toBe(0);
    expect(seekByKey("ArrowRight", false, 63_000, LONG)).toBe(LONG);
    expect(seekByKey("Home", false, 9_000, LONG)).toBe(0);
    expect(seekByKey("End", false, 9_000, LONG)).toBe(LONG);
  });

  it("of others are left to others", () => {
    expect(seekByKey("Tab", false, 0, LONG)).toBeNull();
    expect(seekByKey("a", false, 0, LONG)).toBeNull();
  });
});

describe("a press on the waveform", () => {
  it("leads where it points, also beside the edge or before there is a width", () => {
    expect(seekByPointer(150, 300, LONG)).toBe(LONG / 2);
    expect(seekByPointer(-5, 300, LONG)).toBe(0);
    expect(seekByPointer(400, 300, LONG)).toBe(LONG);
    expect(seekByPointer(10, 0, LONG)).toBe(0);
  });
});

describe("columns", () => {
  it("keep the loudest of what they stand for, so that no shout is lost", () => {
    expect(columnsOf([0, 9, 0, 3], 2)).toEqual([9, 3]);
    expect(columnsOf([0, 0, 0, 255, 0, 0, 0], 3)).toContain(255);
  });

  it("spread few peaks over many columns and bear nothing at all", () => {
    expect(columnsOf([1, 2], 4)).toEqual([1, 1, 2, 2]);
    expect(columnsOf([], 4)).toEqual([]);
    expect(columnsOf([1], 0)).toEqual([]);
  });
});

it("goes round the speeds", () => {
  let speed = 1;
  for (const next of [...SPEEDS.slice(1), SPEEDS[0]]) {
    speed = nextSpeed(speed);
    expect(speed).toBe(next);
  }
});
