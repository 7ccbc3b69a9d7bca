import type { Input } from "./machine";

/** What the other tabs have to say about the phone. */
export type TabsEvent = Extract<
  Input,
  { kind: "lock_taken" | "lock_granted" | "lock_lost" | "holder_answered" }
>;

/** The one phone of all tabs that a person has open. */
export interface Tabs {
  /** Takes the phone when it is free, or as soon as it will be. */
  lock(): void;
  unlock(): void;
  /** Takes it from whoever has it. */
  steal(): void;
  /** Asks the tab that has it whether a call runs there. */
  askHolder(): void;
  close(): void;
}

/** A tab that the browser has put to sleep does not answer: nobody talks in it either. */
export const ANSWER_WITHIN_MS = 700;

type Word = { kind: "ask"; id: string } | { kind: "answer"; id: string; busy: boolean };

const HELD = "held";
const TAKEN = "taken";

/** By Web Locks, which the browser itself gives back when a tab dies, and a channel for the question. */
export class BrowserTabs implements Tabs {
  readonly #channel: BroadcastChannel;
  /** Each wish for the lock; what an older one still brings counts no more. */
  #wish = 0;
  #holding = false;
  #giveUp: () => void = () => undefined;
  #question: { id: string; timer: ReturnType<typeof setTimeout> } | null = null;

  constructor(
    private readonly name: string,
    private readonly tell: (event: TabsEvent) => void,
    private readonly isBusy: () => boolean,
  ) {
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = ({ data }: MessageEvent<Word>) => this.#hear(data);
  }

  lock(): void {
    const wish = this.#begin();
    void this.#request(wish, { ifAvailable: true }).then((outcome) => {
      if (outcome !== TAKEN || wish !== this.#wish) return;
      this.tell({ kind: "lock_taken" });
      const waiting = new AbortController();
      this.#giveUp = () => waiting.abort();
      void this.#request(wish, { signal: waiting.signal });
    });
  }

  steal(): void {
    void this.#request(this.#begin(), { steal: true });
  }

  unlock(): void {
    this.#begin();
  }

  askHolder(): void {
    this.#forgetQuestion();
    const id = crypto.randomUUID();
    const timer = setTimeout(() => this.#answered(id, false), ANSWER_WITHIN_MS);
    this.#question = { id, timer };
    this.#say({ kind: "ask", id });
  }

  close(): void {
    this.#begin();
    this.#forgetQuestion();
    this.#channel.close();
  }

  /** Lets go of what was held or waited for. */
  #begin(): number {
    this.#wish += 1;
    this.#holding = false;
    this.#giveUp();
    this.#giveUp = () => undefined;
    return this.#wish;
  }

  async #request(wish: number, options: LockOptions): Promise<typeof HELD | typeof TAKEN> {
    try {
      return await navigator.locks.request(this.name, options, async (lock) => {
        if (lock === null) return TAKEN;
        if (wish !== this.#wish) return HELD;
        this.#holding = true;
        const held = new Promise<void>((release) => {
          this.#giveUp = release;
        });
        this.tell({ kind: "lock_granted" });
        await held;
        return HELD;
      });
    } catch {
      // Our own waiting was given up, or another tab took the lock away.
      if (wish === this.#wish && this.#holding) {
        this.#begin();
        this.tell({ kind: "lock_lost" });
      }
      return HELD;
    }
  }

  #hear(word: Word): void {
    if (word.kind === "answer") this.#answered(word.id, word.busy);
    else if (this.#holding) this.#say({ kind: "answer", id: word.id, busy: this.isBusy() });
  }

  #answered(id: string, busy: boolean): void {
    if (this.#question?.id !== id) return;
    this.#forgetQuestion();
    this.tell({ kind: "holder_answered", busy });
  }

  #forgetQuestion(): void {
    if (this.#question !== null) clearTimeout(this.#question.timer);
    this.#question = null;
  }

  #say(word: Word): void {
    this.#channel.postMessage(word);
  }
}
