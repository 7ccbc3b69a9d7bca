/** The socket of a switchboard with a plug in it: a C for Centralita. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden="true" style={{ flex: "none" }}>
      <rect width="32" height="32" rx="8" fill="#123f47" />
      <path
        d="M19.66 10.34a8 8 0 1 0 0 11.32"
        fill="none"
        stroke="#f3efe4"
        strokeWidth="3.2"
        strokeLinecap="round"
      />
      <path d="M14 16H27" stroke="#e0a93f" strokeWidth="2.6" strokeLinecap="round" />
      <circle cx="14" cy="16" r="3.4" fill="#e0a93f" />
    </svg>
  );
}
