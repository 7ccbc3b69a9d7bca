const MS_PER_S = 1_000;
const S_PER_MIN = 60;
const S_PER_HOUR = 3_600;

/** A running clock: `0:07`, `12:30`, `1:02:03`. Never negative. */
export function clock(ms: number): string {
  const total = Math.max(0, Math.floor(ms / MS_PER_S));
  const hours = Math.floor(total / S_PER_HOUR);
  const minutes = Math.floor((total % S_PER_HOUR) / S_PER_MIN);
  const seconds = String(total % S_PER_MIN).padStart(2, "0");
  return hours > 0
    ? `${hours}:${String(minutes).padStart(2, "0")}:${seconds}`
    : `${minutes}:${seconds}`;
}

/** A countdown: the last second shows as 0:01 until it is over. */
export function countdown(ms: number): string {
  return clock(Math.ceil(Math.max(0, ms) / MS_PER_S) * MS_PER_S);
}

/** An ISO 8601 duration for `<time datetime>`: machines read it too. */
export function isoDuration(ms: number): string {
  return `PT${Math.max(0, Math.floor(ms / MS_PER_S))}S`;
}

/** The browser's own region of the language on the screen: `es` may be `es-MX` to this user. */
export function regional(
  language: string,
  browser: readonly string[] = navigator.languages,
): string {
  return browser.find((tag) => tag.toLowerCase().split("-")[0] === language) ?? language;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function dateFormat(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language + JSON.stringify(options);
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(regional(language), options);
    formats.set(key, format);
  }
  return format;
}

/** Today by its time, this year by day and time, older by date. */
export function when(iso: string, language: string, nowMs: number): string {
  const at = new Date(iso);
  const now = new Date(nowMs);
  if (at.toDateString() === now.toDateString()) {
    return dateFormat(language, { hour: "2-digit", minute: "2-digit" }).format(at);
  }
  if (at.getFullYear() === now.getFullYear()) {
    return dateFormat(language, {
      day: "numeric",
      month: "short",
      hour: "2-digit",
      minute: "2-digit",
    }).format(at);
  }
  return dateFormat(language, { day: "numeric", month: "short", year: "numeric" }).format(at);
}

/** Date and time in full, for tooltips and detail pages. */
export function exactly(iso: string, language: string): string {
  return dateFormat(language, { dateStyle: "medium", timeStyle: "medium" }).format(new Date(iso));
}

/** As the logs of others have it: to the millisecond, with the zone. */
export function precisely(iso: string, language: string): string {
  return dateFormat(language, {
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    fractionalSecondDigits: 3,
    timeZoneName: "short",
  }).format(new Date(iso));
}
