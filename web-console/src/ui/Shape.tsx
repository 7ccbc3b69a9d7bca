import type { Tone } from "./tones";

/** Drawn, so that no state is told by its colour alone. All on a 12 × 12 field. */
const SHAPES = {
  disc: <circle cx="6" cy="6" r="5" />,
  ring: (
    <circle
      cx="6"
      cy="6"
      r="4.25"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeDasharray="2.2 1.6"
    />
  ),
  bar: (
    <>
      <circle cx="6" cy="6" r="4.25" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <rect x="3.2" y="5.1" width="5.6" height="1.8" rx="0.6" />
    </>
  ),
  square: <rect x="1.2" y="1.2" width="9.6" height="9.6" rx="2" />,
  triangle: <path d="M6 0.8 11.6 10.8H0.4Z" />,
  half: (
    <>
      <circle cx="6" cy="6" r="4.25" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M6 1.75a4.25 4.25 0 0 1 0 8.5Z" />
    </>
  ),
  arrow: <path d="M0.8 4.4h5V1.2L11.4 6 5.8 10.8V7.6h-5Z" />,
  pause: (
    <>
      <rect x="2" y="1.2" width="3" height="9.6" rx="0.8" />
      <rect x="7" y="1.2" width="3" height="9.6" rx="0.8" />
    </>
  ),
  hourglass: <path d="M1.8 0.8h8.4L7 6l3.2 5.2H1.8L5 6Z" />,
  note: <path d="M4.2 9.4V1.6l6-1v7.2a1.8 1.6 0 1 1-1.3-1.6V3l-3.4.6v6.6a1.8 1.6 0 1 1-1.3-.8Z" />,
  cross: (
    <path d="m2 0.8 4 3.8 4-3.8L11.2 2 7.4 6l3.8 4L10 11.2l-4-3.8-4 3.8L0.8 10l3.8-4L0.8 2Z" />
  ),
} as const;

export type ShapeName = keyof typeof SHAPES;

export function Shape({ name, tone, size = 12 }: { name: ShapeName; tone: Tone; size?: number }) {
  return (
    <svg
      viewBox="0 0 12 12"
      width={size}
      height={size}
      fill="currentColor"
      aria-hidden="true"
      style={{ color: `var(--tone-${tone})`, flex: "none" }}
    >
      {SHAPES[name]}
    </svg>
  );
}
