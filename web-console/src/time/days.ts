/** The first moment of a day that was picked (`2026-11-22`, in the user's own zone), RFC 3339. */
export function dayStart(day: string | undefined): string | undefined {
  return moment(day, 0);
}

/** The first moment of the day after. */
export function dayEnd(day: string | undefined): string | undefined {
  return moment(day, 1);
}

function moment(day: string | undefined, plusDays: number): string | undefined {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day ?? "");
  if (parts === null) return undefined;
  const [, year, month, date] = parts.map(Number);
  // By calendar, not by 24 hours: some days are longer.
  const at = new Date(year ?? 0, (month ?? 1) - 1, (date ?? 1) + plusDays);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}
