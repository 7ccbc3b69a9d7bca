import { devices } from "./devices";
import { MicrophoneError, type MicrophoneTrouble, openMicrophone, stopTracks } from "./microphone";
import { type Playback, Player } from "./player";

export interface VoiceView {
  playback: Playback;
  /** The microphone while a call runs, for the level. */
  microphone: MediaStream | null;
  /** The connection of the call, for its quality. */
  peer: RTCPeerConnection | null;
  /** A microphone that went away in mid-call and could not be replaced. */
  trouble: MicrophoneTrouble | null;
}

export const SILENT: VoiceView = {
  playback: "silent",
  microphone: null,
  peer: null,
  trouble: null,
};

/** What is said and heard in one call, on the devices that are chosen and plugged in. */
export class Voice {
  #view = SILENT;
  #player: Player | null = null;
  #openedFor: string | null = null;
  #muted = false;
  readonly #forgetChoice: () => void;

  constructor(private readonly show: (view: VoiceView) => void) {
    this.#forgetChoice = devices.listen(this.#devicesChanged);
    // Absent on plain http (Secure Contexts), loopback excepted.
    const media = navigator.mediaDevices as MediaDevices | undefined;
    media?.addEventListener("devicechange", this.#devicesChanged);
  }

  /** Opens the chosen microphone in place of one that is open. Throws [`MicrophoneError`]. */
  async open(muted: boolean): Promise<MediaStream> {
    const { microphone: wanted } = devices.get();
    const stream = await openMicrophone(wanted);
    stopTracks(this.#view.microphone);
    this.#openedFor = wanted;
    this.#change({ microphone: stream, trouble: null });
    this.mute(muted);
    return stream;
  }

  play(stream: MediaStream, peer: RTCPeerConnection): void {
    this.#player ??= new Player((playback) => this.#change({ playback }));
    void this.#player.switchTo(devices.get().speaker);
    this.#player.play(stream);
    this.#change({ peer });
  }

  /** After a press, what the browser kept silent may sound. */
  hear(): void {
    this.#player?.again();
  }

  mute(muted: boolean): void {
    this.#muted = muted;
    for (const track of this.#view.microphone?.getAudioTracks() ?? []) track.enabled = !muted;
  }

  stop(): void {
    if (this.#view === SILENT) return;
    stopTracks(this.#view.microphone);
    this.#player?.stop();
    this.#view = SILENT;
    this.show(SILENT);
  }

  close(): void {
    this.stop();
    this.#forgetChoice();
    const media = navigator.mediaDevices as MediaDevices | undefined;
    media?.removeEventListener("devicechange", this.#devicesChanged);
  }

  #devicesChanged = () => {
    void this.#player?.switchTo(devices.get().speaker);
    const { microphone, peer } = this.#view;
    if (microphone === null) return;
    const unplugged = microphone.getAudioTracks().every(({ readyState }) => readyState === "ended");
    if (unplugged || devices.get().microphone !== this.#openedFor) void this.#swap(peer);
  };

  /** Another microphone into the running call. */
  async #swap(peer: RTCPeerConnection | null): Promise<void> {
    try {
      const stream = await this.open(this.#muted);
      if (this.#view.peer !== peer || this.#view.microphone !== stream) return stopTracks(stream);
      const track = stream.getAudioTracks()[0] ?? null;
      const sender = peer?.getSenders().find((each) => each.track?.kind === "audio");
      await sender?.replaceTrack(track);
    } catch (error) {
      if (this.#view !== SILENT)
        this.#change({ trouble: error instanceof MicrophoneError ? error.trouble : "unknown" });
    }
  }

  #change(change: Partial<VoiceView>): void {
    this.#view = { ...this.#view, ...change };
    this.show(this.#view);
  }
}
