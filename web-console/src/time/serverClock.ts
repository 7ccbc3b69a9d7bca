/** A sample this far under the estimate means that this computer's clock was set, not that a message was slow. */
const CLOCK_STEP_MS = 2_000;

/**
 * How far this computer's clock is from the hub's. A message always arrives later than it was
 * stamped, so the largest difference seen is the nearest to the truth.
 */
export class ServerClock {
  #offsetMs: number | null = null;

  constructor(private readonly localNow: () => number = Date.now) {}

  /** `fresh`: a new connection, older samples count no more. */
  hear(stamp: string, fresh: boolean): void {
    const said = Date.parse(stamp);
    if (Number.isNaN(said)) return;
    const sample = said - this.localNow();
    const old = this.#offsetMs;
    if (fresh || old === null || sample > old || sample < old - CLOCK_STEP_MS)
      this.#offsetMs = sample;
  }

  /** The hub's time, ms since 1970. */
  now(): number {
    return this.localNow() + (this.#offsetMs ?? 0);
  }
}

export const serverClock = new ServerClock();
