import { asApiError } from "@/api/problem";
import type { PhoneCredentials } from "@/api/types";
import { createStore } from "@/ui/store";
import type { Endpoint, EndpointEvent, EndpointMaker } from "./endpoint";
import type { Line } from "./line";
import { type Effect, type Input, initial, type Phone, step } from "./machine";
import { MicrophoneError } from "./microphone";
import { rememberMuted, wasMuted } from "./muted";
import type { Tabs, TabsEvent } from "./tabs";
import { SILENT, Voice, type VoiceView } from "./voice";

/** How often the machine is told the time: retries and renewals are no finer than this. */
const TICK_MS = 500;
/** Long enough to be heard by everything that listens for digits, and a gap that keeps two apart. */
const DIGIT_MS = 100;
const GAP_MS = 70;
/** What an endpoint that could not be loaded counts as: service unavailable. */
const NOT_LOADED = 503;

/** Everything outside that the phone needs; tests put their own in place. */
export interface PhoneParts {
  askCredentials: () => Promise<PhoneCredentials>;
  /** Loaded when first needed: who has a desk phone never pays for it. */
  loadEndpoint: () => Promise<EndpointMaker>;
  tabs: (tell: (event: TabsEvent) => void, isBusy: () => boolean) => Tabs;
  /** The hub's time, ms. */
  now: () => number;
}

/** What the screen shows. */
export interface PhoneView extends VoiceView {
  phone: Phone;
  /** Why the hub gave no credentials, as a problem's code. */
  problem: string | null;
}

/** The thin shell around [`step`]: owns endpoint, sound and timer, decides nothing. */
export class BrowserPhone {
  readonly view = createStore<PhoneView>({ ...SILENT, phone: initial, problem: null });
  readonly #tabs: Tabs;
  readonly #voice = new Voice((voice) => this.#show(voice));
  #endpoint: Endpoint | null = null;
  #iceServers: PhoneCredentials["ice_servers"] = [];
  #timer: ReturnType<typeof setInterval> | null = null;

  constructor(private readonly parts: PhoneParts) {
    this.#tabs = parts.tabs(this.feed, () => this.#line().kind !== "idle");
    window.addEventListener("pagehide", this.#leaving);
  }

  /** Whether this is the phone that its person has chosen. */
  want(wanted: boolean): void {
    this.feed({ kind: "want", wanted });
  }

  close(): void {
    this.want(false);
    this.#tabs.close();
    this.#voice.close();
    window.removeEventListener("pagehide", this.#leaving);
  }

  feed = (input: Input): void => {
    const before = this.view.get().phone;
    const { phone, effects } = step(before, input, this.parts.now(), Math.random());
    if (phone !== before) this.#show({ phone });
    for (const effect of effects) this.#carryOut(effect);
    this.#settle();
  };

  /** Plays a digit into the call (RFC 4733); false when the far side takes none. */
  digit(tone: string): boolean {
    const senders = this.view.get().peer?.getSenders() ?? [];
    const sender = senders.find(({ dtmf }) => dtmf?.canInsertDTMF)?.dtmf;
    if (!sender) return false;
    sender.insertDTMF(sender.toneBuffer + tone, DIGIT_MS, GAP_MS);
    return true;
  }

  /** After a press, what the browser kept silent may sound. */
  hear(): void {
    this.#voice.hear();
  }

  #line(): Line {
    const { phone } = this.view.get();
    return phone.kind === "here" ? phone.line : { kind: "idle" };
  }

  /** A page that goes says nothing to the hub: its socket closes, and a call is kept for its return. */
  #leaving = () => {
    const line = this.#line();
    if ("muted" in line && line.muted) rememberMuted();
  };

  /** What follows from the state alone, whatever led to it. */
  #settle(): void {
    const line = this.#line();
    if (line.kind === "idle" || line.kind === "ringing") this.#voice.stop();
    if (this.view.get().phone.kind === "off") {
      if (this.#timer !== null) clearInterval(this.#timer);
      this.#timer = null;
    } else {
      this.#timer ??= setInterval(() => this.feed({ kind: "tick" }), TICK_MS);
    }
  }

  #carryOut(effect: Effect): void {
    switch (effect.kind) {
      case "lock":
        this.#tabs.lock();
        return;
      case "unlock":
        this.#tabs.unlock();
        return;
      case "steal":
        this.#tabs.steal();
        return;
      case "ask_holder":
        this.#tabs.askHolder();
        return;
      case "ask_credentials":
        void this.#askCredentials();
        return;
      case "start":
        void this.#start(effect.credentials);
        return;
      case "renew":
        this.#renew(effect.credentials);
        return;
      case "stop":
        this.#endpoint?.stop();
        this.#endpoint = null;
        return;
      case "abandon":
        this.#endpoint?.abandon();
        this.#endpoint = null;
        return;
      case "answer":
        void this.#answer(effect.call, effect.muted);
        return;
      case "reject":
        this.#endpoint?.reject(effect.call, effect.status);
        return;
      case "hang_up":
        this.#endpoint?.hangUp(effect.call);
        return;
      case "mute":
        this.#mute(effect.muted);
        return;
    }
  }

  async #askCredentials(): Promise<void> {
    try {
      const credentials = await this.parts.askCredentials();
      this.#show({ problem: null });
      this.feed({ kind: "credentials", credentials });
    } catch (error) {
      this.#show({ problem: asApiError(error).code });
      this.feed({ kind: "no_credentials" });
    }
  }

  async #start(credentials: PhoneCredentials): Promise<void> {
    // Another phone may be chosen while it loads, or another tab take this one.
    const wanted = () => {
      const { phone } = this.view.get();
      return phone.kind === "here" && phone.link.kind === "registering" && this.#endpoint === null;
    };
    try {
      const make = await this.parts.loadEndpoint();
      if (!wanted()) return;
      const endpoint = make(credentials, (event) => {
        if (this.#endpoint === endpoint) this.#hear(event);
      });
      this.#endpoint = endpoint;
      this.#iceServers = credentials.ice_servers;
      endpoint.start();
    } catch {
      if (wanted()) this.feed({ kind: "unregistered", status: NOT_LOADED });
    }
  }

  #renew(credentials: PhoneCredentials): void {
    this.#iceServers = credentials.ice_servers;
    // One that could not be loaded the last time is loaded now.
    if (this.#endpoint === null) void this.#start(credentials);
    else this.#endpoint.renew(credentials);
  }

  #hear(event: EndpointEvent): void {
    switch (event.kind) {
      case "sound":
        this.#voice.play(event.stream, event.peer);
        return;
      case "invite":
        this.feed({ ...event, muted: event.auto && wasMuted() });
        return;
      default:
        this.feed(event);
    }
  }

  async #answer(call: string, muted: boolean): Promise<void> {
    try {
      const microphone = await this.#voice.open(muted);
      const line = this.#line();
      if (line.kind === "answering" && line.call === call) {
        this.#endpoint?.answer(call, microphone, this.#iceServers);
        this.#mute(line.muted);
      }
    } catch (error) {
      const trouble = error instanceof MicrophoneError ? error.trouble : "unknown";
      this.feed({ kind: "microphone_failed", call, trouble });
    }
    // The caller may have given up while the person was asked for the microphone.
    this.#settle();
  }

  #mute(muted: boolean): void {
    const line = this.#line();
    this.#voice.mute(muted);
    if (line.kind !== "idle") this.#endpoint?.mute(line.call, muted);
  }

  #show(change: Partial<PhoneView>): void {
    this.view.set({ ...this.view.get(), ...change });
  }
}
