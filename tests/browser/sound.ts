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

/** ITU-T G.711 µ-law, the segment found by the position of the highest bit. */
function ulaw(sample: number): number {
  const magnitude = Math.min(Math.abs(sample), 32_635) + 0x84;
  const segment = 24 - Math.clz32(magnitude);
  const mantissa = (magnitude >> (segment + 3)) & 0x0f;
  return ~((sample < 0 ? 0x80 : 0) | (segment << 4) | mantissa) & 0xff;
}

/** Writes `seconds` of a sine as raw µ-law, 8 kHz: what SIPp's `rtp_stream` takes. */
export function writeUlaw(path: string, hz: number, seconds: number): void {
  const rate = 8_000;
  const samples = Array.from({ length: seconds * rate }, (_, n) =>
    Math.round(Math.sin((2 * Math.PI * hz * n) / rate) * 12_000),
  );
  writeFileSync(path, Buffer.from(samples.map(ulaw)));
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

/** One channel of a 16-bit WAV, whatever its header says of its length: it may still be written. */
function channelOf(wav: Buffer, channel: number): { samples: number[]; rate: number } {
  const step = wav.readUInt16LE(22) * 2;
  const samples: number[] = [];
  for (let at = HEADER_BYTES + channel * 2; at + 1 < wav.length; at += step)
    samples.push(wav.readInt16LE(at) / 32_768);
  return { samples, rate: wav.readUInt32LE(24) };
}

/** What is heard of a channel in each twentieth of a second. */
function windows(wav: Buffer, channel: number): { part: number[]; rate: number }[] {
  const { samples, rate } = channelOf(wav, channel);
  const window = rate / 20;
  const parts: { part: number[]; rate: number }[] = [];
  for (let from = 0; from + window <= samples.length; from += window)
    parts.push({ part: samples.slice(from, from + window), rate });
  return parts;
}

/** How many seconds of a channel have `hz` above everything else, and how many any sound. */
export function heardSeconds(wav: Buffer, channel: 0 | 1, hz: number): { tone: number; any: number } {
  const all = windows(wav, channel);
  const tone = all.filter(({ part, rate }) => energyShare(part, hz, rate) > 0.5).length;
  const any = all.filter(({ part }) => part.some((sample) => Math.abs(sample) > 0.01)).length;
  return { tone: tone / 20, any: any / 20 };
}

/** The part of one sound that a tone has to have to be heard among three others. */
export const AMONG_OTHERS = 0.08;

/** How many seconds of a channel have all of these tones at once. */
export function togetherSeconds(wav: Buffer, channel: 0 | 1, tones: number[]): number {
  const all = windows(wav, channel);
  return (
    all.filter(({ part, rate }) => tones.every((hz) => energyShare(part, hz, rate) > AMONG_OTHERS)).length / 20
  );
}
