// What the tests look at inside a page: its connections, and the tones that come over them.

import type { BrowserContext, Page } from "@playwright/test";
import { AMONG_OTHERS } from "./sound.ts";

declare global {
  interface Window {
    connections: RTCPeerConnection[];
    /** The mean part of the sound now heard that lies at each of these frequencies, and its loudness. */
    heardShares: (tones: number[]) => Promise<{ shares: number[]; level: number }>;
  }
}

/** Puts the instruments in place before each page of the context begins. */
export async function equip(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    window.connections = [];
    const Plain = window.RTCPeerConnection;
    window.RTCPeerConnection = class extends Plain {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        window.connections.push(this);
      }
    };
    // A steady tone is noise to the browser, which would take it away after some seconds.
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    const open = devices?.getUserMedia.bind(devices);
    if (devices && open) {
      const raw = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
      devices.getUserMedia = (wanted) =>
        open(typeof wanted?.audio === "object" ? { ...wanted, audio: { ...wanted.audio, ...raw } } : wanted);
    }

    const WINDOWS = 8;
    let ears: { context: AudioContext; analyser: AnalyserNode } | null = null;
    const heard = new WeakSet<MediaStreamTrack>();
    window.heardShares = async (tones) => {
      if (!ears) {
        const context = new AudioContext({ sampleRate: 48_000 });
        const analyser = context.createAnalyser();
        analyser.fftSize = 8_192;
        ears = { context, analyser };
      }
      const { context, analyser } = ears;
      await context.resume();
      const tracks = window.connections
        .filter((connection) => connection.connectionState !== "closed")
        .flatMap((connection) => connection.getReceivers().map((receiver) => receiver.track))
        .filter((track) => track.readyState === "live" && !heard.has(track));
      for (const track of tracks) {
        heard.add(track);
        context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
      }
      const samples = new Float32Array(analyser.fftSize);
      const sums = tones.map(() => 0);
      let level = 0;
      for (let window = 0; window < WINDOWS; window += 1) {
        await new Promise((resolve) => setTimeout(resolve, (1_000 * analyser.fftSize) / context.sampleRate));
        analyser.getFloatTimeDomainData(samples);
        const all = samples.reduce((sum, sample) => sum + sample * sample, 0);
        level += all / samples.length / WINDOWS;
        // Below -60 dB it is a line's silence.
        if (all / samples.length < 1e-6) continue;
        tones.forEach((hz, at) => {
          const coefficient = 2 * Math.cos((2 * Math.PI * hz) / context.sampleRate);
          let last = 0;
          let before = 0;
          for (const sample of samples) [before, last] = [last, sample + coefficient * last - before];
          const energy = last * last + before * before - coefficient * last * before;
          const share = Math.min(1, (2 * energy) / (samples.length * all));
          sums[at] = (sums[at] ?? 0) + share / WINDOWS;
        });
      }
      return { shares: sums, level };
    };
  });
}

/** Which of these tones the page plays now, out of its running call. */
export async function tonesHeard(page: Page, tones: number[]): Promise<number[]> {
  const { shares } = await page.evaluate((all) => window.heardShares(all), tones);
  return tones.filter((_, at) => (shares[at] ?? 0) > AMONG_OTHERS);
}

/** How loud it is in the page now: mean square, 1 at full scale. */
export async function loudness(page: Page): Promise<number> {
  return (await page.evaluate(() => window.heardShares([]))).level;
}
