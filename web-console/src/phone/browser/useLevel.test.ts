import { expect, it } from "vitest";
import { levelOf } from "./useLevel";

const tone = (amplitude: number) =>
  Float32Array.from({ length: 480 }, (_, at) => amplitude * Math.sin((at * Math.PI) / 24));

it("is nothing in silence, full when loud, and grows with the voice", () => {
  expect(levelOf(tone(0))).toBe(0);
  expect(levelOf(tone(0.001))).toBe(0);
  expect(levelOf(tone(1))).toBe(100);
  const levels = [0.01, 0.03, 0.1, 0.3].map((amplitude) => levelOf(tone(amplitude)));
  expect(levels).toEqual(levels.toSorted((a, b) => a - b));
  expect(new Set(levels).size).toBe(4);
});
