import { describe, expect, it } from "vitest";
import { dayEnd, dayStart } from "./days";
import { clock, countdown, isoDuration, regional, when } from "./format";
import { ServerClock } from "./serverClock";

describe("a clock", () => {
  it.each([
    [0, "0:00"],
    [999, "0:00"],
    [7_000, "0:07"],
    [750_000, "12:30"],
    [3_723_000, "1:02:03"],
    [-5_000, "0:00"],
  ])("shows %i ms as %s", (ms, shown) => expect(clock(ms)).toBe(shown));

  it("counts down to nothing, not below, and shows the last second until it is over", () => {
    expect(countdown(30_000)).toBe("0:30");
    expect(countdown(29_001)).toBe("0:30");
    expect(countdown(1)).toBe("0:01");
    expect(countdown(0)).toBe("0:00");
    expect(countdown(-4_000)).toBe("0:00");
    expect(isoDuration(61_900)).toBe("PT61S");
  });
});

describe("the hub's time", () => {
  it("follows the hub, not this computer", () => {
    let local = Date.parse("2026-01-01T00:00:00Z");
    const server = new ServerClock(() => local);
    server.hear("2026-01-01T01:00:00Z", true);
    expect(server.now()).toBe(Date.parse("2026-01-01T01:00:00Z"));
    local += 5_000;
    expect(server.now()).toBe(Date.parse("2026-01-01T01:00:05Z"));
  });

  it("keeps the sample that travelled fastest", () => {
    const server = new ServerClock(() => 10_000);
    server.hear(new Date(9_700).toISOString(), true);
    server.hear(new Date(9_950).toISOString(), false);
    server.hear(new Date(9_200).toISOString(), false);
    expect(server.now()).toBe(9_950);
  });

  it("notices that this computer's clock was set, and passes over what is no time", () => {
    let local = 10_000;
    const server = new ServerClock(() => local);
    server.hear(new Date(10_000).toISOString(), true);
    local = 3_610_000;
    server.hear(new Date(11_000).toISOString(), false);
    expect(server.now()).toBe(11_000);
    server.hear("yesterday", false);
    expect(server.now()).toBe(11_000);
  });
});

describe("a moment", () => {
  it("is a time today, with its day this year, and a date before", () => {
    const now = new Date(2026, 10, 22, 18, 0).getTime();
    const at = (date: Date) => when(date.toISOString(), "en", now);
    expect(at(new Date(2026, 10, 22, 9, 5))).toMatch(/0?9:05/);
    expect(at(new Date(2026, 10, 20, 9, 5))).toMatch(/20.*9:05|9:05.*20/);
    expect(at(new Date(2024, 2, 3))).toMatch(/2024/);
  });

  it("is written as the user's region writes the language on the screen", () => {
    expect(regional("es", ["en-GB", "es-MX"])).toBe("es-MX");
    expect(regional("zh", ["en-GB"])).toBe("zh");
  });
});

describe("a picked day", () => {
  it("runs from its first moment to the first of the next, by the calendar", () => {
    expect(dayStart("2026-03-29")).toBe(new Date(2026, 2, 29).toISOString());
    expect(dayEnd("2026-03-29")).toBe(new Date(2026, 2, 30).toISOString());
    expect(dayStart(undefined)).toBeUndefined();
    expect(dayStart("soon")).toBeUndefined();
  });
});
