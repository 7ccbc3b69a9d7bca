const STORAGE_KEY = "centralita-muted";
/** Longer than the hub keeps a caller for a page that is reloaded; an older word says nothing. */
const KEPT_MS = 45_000;

/** Called as the page goes: who was not heard before a reload stays unheard after it. */
export function rememberMuted(): void {
  try {
    sessionStorage.setItem(STORAGE_KEY, String(Date.now()));
  } catch {
    // Then the reload unmutes; the button shows it.
  }
}

/** Whether the call of this tab was muted when the page went. Asked once. */
export function wasMuted(): boolean {
  try {
    const at = Number(sessionStorage.getItem(STORAGE_KEY) ?? Number.NaN);
    sessionStorage.removeItem(STORAGE_KEY);
    return Math.abs(Date.now() - at) < KEPT_MS;
  } catch {
    return false;
  }
}
