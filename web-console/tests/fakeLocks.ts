import { vi } from "vitest";

type Callback = (lock: object | null) => Promise<unknown>;

interface Held {
  lost: (reason: unknown) => void;
}

/** The Web Locks API for one name, as far as the console uses it, shared by all tabs of a test. */
export class FakeLocks {
  #held: Held | null = null;
  #queue: (() => void)[] = [];

  request(_name: string, options: LockOptions, callback: Callback): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const grant = () => {
        const held = { lost: reject };
        this.#held = held;
        void callback({}).then((value) => {
          resolve(value);
          if (this.#held === held) this.#next();
        });
      };
      if (options.steal) {
        this.#held?.lost(new DOMException("stolen", "AbortError"));
        grant();
      } else if (this.#held === null) grant();
      else if (options.ifAvailable) void callback(null).then(resolve);
      else {
        this.#queue.push(grant);
        options.signal?.addEventListener("abort", () => {
          this.#queue = this.#queue.filter((each) => each !== grant);
          reject(new DOMException("aborted", "AbortError"));
        });
      }
    });
  }

  #next(): void {
    this.#held = null;
    this.#queue.shift()?.();
  }
}

/** All who post on one name hear each other, not themselves. */
function fakeChannels() {
  const all = new Set<FakeChannel>();
  class FakeChannel {
    onmessage: ((event: { data: unknown }) => void) | null = null;
    constructor(readonly name: string) {
      all.add(this);
    }
    postMessage(data: unknown): void {
      for (const other of all) {
        if (other !== this && other.name === this.name)
          queueMicrotask(() => other.onmessage?.({ data }));
      }
    }
    close(): void {
      all.delete(this);
    }
  }
  return FakeChannel;
}

export function pretendLocks(): void {
  vi.stubGlobal("BroadcastChannel", fakeChannels());
  Object.defineProperty(navigator, "locks", { value: new FakeLocks(), configurable: true });
}
