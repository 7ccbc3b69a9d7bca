import { expect, it } from "vitest";
import { displayNumber } from "./format";

it.each([
  ["+34910000100", "+34 910 000 100"],
  ["+12025550143", "+1 202 555 0143"],
  ["+442079460958", "+44 207 946 0958"],
  ["+8613800138000", "+86 138 001 380 00"],
  ["+35312345678", "+353 123 456 78"],
  ["+4930901820", "+49 309 018 20"],
])("groups %s as %s", (number, shown) => expect(displayNumber(number)).toBe(shown));

it.each(["anonymous", "", "112", "sip:nuria@aurora.example", "+34", "<b>+34910000100</b>"])(
  "leaves %j as it is",
  (text) => expect(displayNumber(text)).toBe(text),
);
