import { useCallback, useEffect, useRef, useState } from "react";

/** Long enough not to save each letter, short enough to lose none that matter. */
export const SAVE_AFTER_MS = 800;

export type Saved = "saved" | "unsaved" | "saving" | "failed";

/**
 * A text that saves itself: after a pause, when its field is left, and when it goes off screen
 * (the wrap-up clock may end it at any moment). What is being typed is never overwritten.
 */
export function useDraft(stored: string, save: (text: string) => Promise<unknown>) {
  const [text, setText] = useState(stored);
  const [saved, setSaved] = useState<Saved>("saved");
  const latest = useRef({ text: stored, clean: stored, save });
  latest.current.save = save;

  const flush = useCallback(async () => {
    const draft = latest.current;
    if (draft.text === draft.clean) {
      setSaved("saved");
      return;
    }
    const sending = draft.text;
    setSaved("saving");
    try {
      await draft.save(sending);
      draft.clean = sending;
      setSaved(draft.text === sending ? "saved" : "unsaved");
    } catch {
      setSaved("failed");
    }
  }, []);

  useEffect(() => {
    // Somebody else's change, while nothing of ours is pending.
    const draft = latest.current;
    if (draft.text === draft.clean && stored !== draft.clean) {
      draft.text = stored;
      draft.clean = stored;
      setText(stored);
    }
  }, [stored]);

  useEffect(() => {
    if (saved !== "unsaved") return;
    const timer = setTimeout(() => void flush(), text === latest.current.clean ? 0 : SAVE_AFTER_MS);
    return () => clearTimeout(timer);
    // A new letter starts the pause anew.
  }, [text, saved, flush]);

  useEffect(() => () => void flush(), [flush]);

  const change = useCallback((next: string) => {
    latest.current.text = next;
    setText(next);
    setSaved("unsaved");
  }, []);

  return { text, saved, change, flush };
}
