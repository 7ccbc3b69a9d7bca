import { useEffect, useState } from "react";
import {
  type Counts,
  countsFrom,
  type Grade,
  gradeOf,
  type Quality,
  qualityBetween,
} from "./quality";

/** A few hundred packets: one that is lost does not make a bad call. */
const EVERY_MS = 4_000;

/** How the network carries the call: the figures, and the grade that held twice in a row. */
export function useQuality(peer: RTCPeerConnection | null): (Quality & { grade: Grade }) | null {
  const [shown, setShown] = useState<(Quality & { grade: Grade }) | null>(null);
  useEffect(() => {
    setShown(null);
    if (peer === null) return;
    let gone = false;
    let before: Counts | null = null;
    let lastGrade: Grade | null = null;
    const read = async () => {
      const report = await peer.getStats();
      if (gone) return;
      const counts = countsFrom(report.values());
      const quality = qualityBetween(before, counts);
      before = counts;
      const grade = gradeOf(quality);
      // Once may be a hiccup, and a sign that flickers is read by nobody.
      const held = grade === lastGrade ? grade : null;
      lastGrade = grade;
      setShown((old) => {
        const next = held ?? old?.grade ?? grade;
        return next && { ...quality, grade: next };
      });
    };
    const timer = setInterval(() => void read().catch(() => undefined), EVERY_MS);
    return () => {
      gone = true;
      clearInterval(timer);
    };
  }, [peer]);
  return shown;
}
