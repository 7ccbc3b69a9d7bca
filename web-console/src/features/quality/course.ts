/** Of the drawing, in its own units. */
export const HEIGHT = 24;
export const STEP = 4;

/** The scale of the mean opinion score by the E-model (ITU-T G.107 annex B). */
const LOWEST = 1;
const HIGHEST = 4.5;

/** A line through the scores, broken where nothing was heard. A lone score is a short dash. */
export function coursePath(scores: readonly (number | null)[]): string {
  let drawing = "";
  scores.forEach((score, n) => {
    if (score === null) return;
    const y = round(HEIGHT - ((score - LOWEST) / (HIGHEST - LOWEST)) * HEIGHT);
    const goesOn = n > 0 && scores[n - 1] !== null;
    drawing += `${goesOn ? "L" : "M"}${n * STEP} ${y}H${(n + 1) * STEP}`;
  });
  return drawing;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
