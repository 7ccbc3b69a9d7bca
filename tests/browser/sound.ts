// Tones made and tones found, as tests/harness/sound.rs does it for the phones.

import { writeFileSync } from "node:fs";

const HEADER_BYTES = 44;

/** Writes `seconds` of a sine as a mono 16-bit WAV: what Chromium's fake microphone takes. */
export function writeTone(path: string, hz: number, seconds: number, rate = 48_000): void {
  const frames = seconds * rate;
  const wav = Buffer.alloc(HEADER_BYTES + frames * 2);
  wav.write("RIFF", 0);
  wav.writeUInt32LE(wav.length - 8, 4);
  wav.write("WAVEfmt ", 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(rate, 24);
  wav.writeUInt32LE(rate * 2, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write("data", 36);
  wav.writeUInt32LE(frames * 2, 40);
  for (let n = 0; n < frames; n += 1) {
    wav.writeInt16LE(Math.round(Math.sin((2 * Math.PI * hz * n) / rate) * 12_000), HEADER_BYTES + n * 2);
  }
  writeFileSync(path, wav);
}

/** Goertzel: the part of the energy that lies at one frequency, 0 to 1. Silence has none. */
function energyShare(samples: number[], hz: number, rate: number): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * hz) / rate);
  let last = 0;
  let before = 0;
  let all = 0;
  for (const sample of samples) {
    [before, last] = [last, sample + coefficient * last - before];
    all += sample * sample;
  }
  if (all / samples.length < 1e-6) return 0;
  const at = last * last + before * before - coefficient * last * before;
  return Math.min(1, (2 * at) / (samples.length * all));
}

/** How many seconds of a stereo WAV's channel have `hz` above everything else, and how many any sound. */
export function heardSeconds(wav: Buffer, channel: 0 | 1, hz: number): { tone: number; any: number } {
  const rate = wav.readUInt32LE(24);
  const window = rate / 20;
  const samples: number[] = [];
  for (let at = HEADER_BYTES + channel * 2; at + 1 < wav.length; at += 4) samples.push(wav.readInt16LE(at) / 32_768);
  let tone = 0;
  let any = 0;
  for (let from = 0; from + window <= samples.length; from += window) {
    const part = samples.slice(from, from + window);
    if (energyShare(part, hz, rate) > 0.5) tone += 1;
    if (part.some((sample) => Math.abs(sample) > 0.01)) any += 1;
  }
  return { tone: tone / 20, any: any / 20 };
}
