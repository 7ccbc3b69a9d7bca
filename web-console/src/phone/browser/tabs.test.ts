import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { pretendLocks } from "../../../tests/fakeLocks";
import { ANSWER_WITHIN_MS, BrowserTabs, type TabsEvent } from "./tabs";

beforeEach(() => {
  vi.useFakeTimers();
  pretendLocks();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const soon = () => vi.advanceTimersByTimeAsync(0);

function tab(busy = false) {
  const told: string[] = [];
  const answers: boolean[] = [];
  const tabs = new BrowserTabs(
    "phone",
    (event: TabsEvent) => {
      told.push(event.kind);
      if (event.kind === "holder_answered") answers.push(event.busy);
    },
    () => busy,
  );
  return { tabs, told, answers };
}

describe("the phone of many tabs", () => {
  it("belongs to the first, and to the next when that one leaves", async () => {
    const [a, b] = [tab(), tab()];
    a.tabs.lock();
    await soon();
    b.tabs.lock();
    await soon();
    expect([a.told, b.told]).toEqual([["lock_granted"], ["lock_taken"]]);
    a.tabs.unlock();
    await soon();
    expect(b.told).toEqual(["lock_taken", "lock_granted"]);
    expect(a.told).toEqual(["lock_granted"]);
  });

  it("is taken over those who wait, and who had it queues up again", async () => {
    const [a, b, c] = [tab(), tab(), tab()];
    for (const { tabs } of [a, b, c]) {
      tabs.lock();
      await soon();
    }
    c.tabs.steal();
    await soon();
    expect(a.told).toEqual(["lock_granted", "lock_lost"]);
    expect(b.told).toEqual(["lock_taken"]);
    expect(c.told).toEqual(["lock_taken", "lock_granted"]);
    a.tabs.lock();
    await soon();
    c.tabs.close();
    await soon();
    expect(b.told.at(-1)).toBe("lock_granted");
    expect(a.told.at(-1)).toBe("lock_taken");
  });

  it("is waited for no more by a tab that chose another phone", async () => {
    const [a, b] = [tab(), tab()];
    a.tabs.lock();
    b.tabs.lock();
    await soon();
    b.tabs.unlock();
    a.tabs.unlock();
    await soon();
    expect(b.told).toEqual(["lock_taken"]);
  });

  it("says whether a call runs; a tab that sleeps says nothing, and so has none", async () => {
    for (const busy of [true, false]) {
      pretendLocks();
      const [holder, asks] = [tab(busy), tab()];
      holder.tabs.lock();
      await soon();
      asks.tabs.askHolder();
      await soon();
      expect(asks.answers).toEqual([busy]);
      await vi.advanceTimersByTimeAsync(ANSWER_WITHIN_MS);
      expect(asks.answers).toHaveLength(1);
    }
    const alone = tab();
    pretendLocks();
    alone.tabs.askHolder();
    await vi.advanceTimersByTimeAsync(ANSWER_WITHIN_MS);
    expect(alone.answers).toEqual([false]);
  });
});
