import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import { clampMs } from "./playerLogic";

export interface AudioState {
  ref: RefObject<HTMLAudioElement | null>;
  playing: boolean;
  atMs: number;
  failed: boolean;
  toggle: () => void;
  seek: (ms: number) => void;
}

/** Only one recording sounds at a time. */
let sounding: HTMLAudioElement | null = null;

/** An `<audio>` element's life as state; the position follows every frame while it plays. */
export function useAudio(durationMs: number): AudioState {
  const ref = useRef<HTMLAudioElement>(null);
  const [playing, setPlaying] = useState(false);
  const [atMs, setAt] = useState(0);
  const [failed, setFailed] = useState(false);

  useEffect(() => {
    const audio = ref.current;
    if (audio === null) return;
    const play = () => {
      if (sounding !== audio) sounding?.pause();
      sounding = audio;
      setPlaying(true);
      setFailed(false);
    };
    const pause = () => setPlaying(false);
    const fail = () => {
      setPlaying(false);
      setFailed(true);
    };
    const moved = () => setAt(audio.currentTime * 1000);
    audio.addEventListener("play", play);
    audio.addEventListener("pause", pause);
    audio.addEventListener("error", fail);
    audio.addEventListener("timeupdate", moved);
    audio.addEventListener("seeked", moved);
    return () => {
      audio.pause();
      audio.removeEventListener("play", play);
      audio.removeEventListener("pause", pause);
      audio.removeEventListener("error", fail);
      audio.removeEventListener("timeupdate", moved);
      audio.removeEventListener("seeked", moved);
    };
  }, []);

  useEffect(() => {
    if (!playing) return;
    let frame = 0;
    const follow = () => {
      if (ref.current) setAt(ref.current.currentTime * 1000);
      frame = requestAnimationFrame(follow);
    };
    frame = requestAnimationFrame(follow);
    return () => cancelAnimationFrame(frame);
  }, [playing]);

  const toggle = useCallback(() => {
    const audio = ref.current;
    if (audio === null) return;
    // A refusal shows as the element's own error event.
    if (audio.paused) audio.play().catch(() => undefined);
    else audio.pause();
  }, []);
  const seek = useCallback(
    (ms: number) => {
      const to = clampMs(ms, durationMs);
      setAt(to);
      if (ref.current) ref.current.currentTime = to / 1000;
    },
    [durationMs],
  );
  return { ref, playing, atMs, failed, toggle, seek };
}
