import type { TFunction } from "i18next";
import { expect, test } from "vitest";
import { peerName } from "./peer";

const t = ((key: string) => key) as unknown as TFunction;

test("a page's phone is called what it is, a number and a desk phone keep their name", () => {
  expect(peerName(t, "browser-01a20aac32857043bfa673e581725e8e")).toBe("phones.kinds.browser");
  expect(peerName(t, "browser-corner")).toBe("browser-corner");
  expect(peerName(t, "+34910000100")).toBe("+34 910 000 100");
});
