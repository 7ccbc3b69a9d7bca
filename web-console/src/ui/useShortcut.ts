import { useEffect, useRef } from "react";

interface Options {
  /** Also while the focus is in a field; only for keys that no field uses. */
  inFields?: boolean;
  enabled?: boolean;
}

function inField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName))
  );
}

/** Whether a key press is this shortcut: `?`, `1`, `mod+Enter` (Ctrl, or Command on a Mac). */
export function matches(event: KeyboardEvent, shortcut: string): boolean {
  const mod = shortcut.startsWith("mod+");
  const key = mod ? shortcut.slice("mod+".length) : shortcut;
  return (event.ctrlKey || event.metaKey) === mod && !event.altKey && event.key === key;
}

/** A key of the page. An open dialog takes the keyboard: the page below stays still. */
export function useShortcut(
  keys: string | readonly string[],
  action: (key: string) => void,
  { inFields = false, enabled = true }: Options = {},
): void {
  const latest = useRef(action);
  latest.current = action;
  const names = typeof keys === "string" ? keys : keys.join("\n");
  useEffect(() => {
    if (!enabled) return;
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.repeat) return;
      if (!inFields && inField(event.target)) return;
      if (document.querySelector('[role="dialog"][aria-modal="true"]')) return;
      if (names.split("\n").some((name) => matches(event, name))) {
        event.preventDefault();
        latest.current(event.key);
      }
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, [names, inFields, enabled]);
}
