/** Whether what arrives is heard. Browsers let a page sound only after a press, unless it records. */
export type Playback = "silent" | "playing" | "blocked";

/** An audio element's `setSinkId`, which not every browser has. */
type Sinkable = HTMLMediaElement & { setSinkId?: (id: string) => Promise<void> };

/** Plays the far side on the chosen device. */
export class Player {
  readonly #audio: Sinkable = new Audio();

  constructor(private readonly onChange: (playback: Playback) => void) {
    this.#audio.autoplay = true;
  }

  play(stream: MediaStream): void {
    this.#audio.srcObject = stream;
    this.again();
  }

  /** After a press: what was blocked may sound now. */
  again(): void {
    this.#audio.play().then(
      () => this.onChange("playing"),
      (error: unknown) => {
        // Another stream took its place meanwhile: that one reports for itself.
        const replaced = error instanceof DOMException && error.name === "AbortError";
        if (!replaced) this.onChange("blocked");
      },
    );
  }

  /** One that is gone gives way to the system's own. */
  async switchTo(id: string | null): Promise<void> {
    await this.#audio.setSinkId?.(id ?? "").catch(() => this.#audio.setSinkId?.(""));
  }

  stop(): void {
    this.#audio.pause();
    this.#audio.srcObject = null;
    this.onChange("silent");
  }
}
