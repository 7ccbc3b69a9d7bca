import { describe, expect, it } from "vitest";
import { coursePath } from "./course";

describe("the line of a leg's scores", () => {
  it("spans the scale", () => {
    expect(coursePath([4.5, 1])).toBe("M0 0H4L4 24H8");
  });
  it("is broken where nothing was heard", () => {
    expect(coursePath([4.5, null, 4.5])).toBe("M0 0H4M8 0H12");
    expect(coursePath([null, null])).toBe("");
  });
});
