/** The jack of a switchboard with its cord: a C for Centralita. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden="true" style={{ flex: "none" }}>
      <rect width="32" height="32" rx="8" fill="#123f47" />
      <circle cx="12.5" cy="12.5" r="6.5" fill="none" stroke="#f3efe4" strokeWidth="2.5" />
      <circle cx="12.5" cy="12.5" r="2.5" fill="#e0a93f" />
      <path
        d="M17.2 17.2 21 21c4 4-1 6.5-6 5"
        fill="none"
        stroke="#e0a93f"
        strokeWidth="2.5"
        strokeLinecap="round"
      />
    </svg>
  );
}
