import { expect, it } from "vitest";
import { matches } from "./useShortcut";

const press = (key: string, more: KeyboardEventInit = {}) =>
  new KeyboardEvent("keydown", { key, ...more });

it("tells a key with Ctrl or Command from the same key alone", () => {
  expect(matches(press("Enter", { ctrlKey: true }), "mod+Enter")).toBe(true);
  expect(matches(press("Enter", { metaKey: true }), "mod+Enter")).toBe(true);
  expect(matches(press("Enter"), "mod+Enter")).toBe(false);
  expect(matches(press("1"), "1")).toBe(true);
  expect(matches(press("1", { ctrlKey: true }), "1")).toBe(false);
  expect(matches(press("?", { shiftKey: true }), "?")).toBe(true);
});
