const STORAGE_KEY = "centralita-phone-instance";

/**
 * This browser profile's name to the registrar (RFC 5626 section 4.1): the same after a reload, so
 * that a new registration takes the place of the old one.
 */
export function instanceId(): string {
  try {
    const known = localStorage.getItem(STORAGE_KEY);
    if (known) return known;
    const made = crypto.randomUUID();
    localStorage.setItem(STORAGE_KEY, made);
    return made;
  } catch {
    // Storage is closed to us: another instance with each page, then.
    return crypto.randomUUID();
  }
}
