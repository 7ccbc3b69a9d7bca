import { useEffect, useState } from "react";
import { createStore, useStore } from "@/ui/store";

const STORAGE_KEY = "centralita-notices-declined";

function declined(): boolean {
  try {
    return localStorage.getItem(STORAGE_KEY) !== null;
  } catch {
    return false;
  }
}

type Permission = "ask" | "granted" | "declined" | "impossible";

function current(): Permission {
  if (typeof Notification === "undefined") return "impossible";
  if (Notification.permission === "granted") return "granted";
  return Notification.permission === "denied" || declined() ? "declined" : "ask";
}

const permission = createStore<Permission>(current());

/** Whether the system shows a ringing call while this window is behind others. */
export function useNoticePermission(): Permission {
  return useStore(permission);
}

/** Only ever called by a press: a page that asks at once is refused for ever. */
export async function askForNotices(): Promise<void> {
  await Notification.requestPermission();
  permission.set(current());
}

export function declineNotices(): void {
  try {
    localStorage.setItem(STORAGE_KEY, "yes");
  } catch {
    // Asked again with the next page, then.
  }
  permission.set("declined");
}

/** One at a time, whichever tab shows it. */
const TAG = "centralita-call";

/** Shows a ringing call outside of the browser while its window is not in front. */
export function useCallNotice(text: string): void {
  const allowed = useNoticePermission() === "granted";
  useEffect(() => {
    if (!allowed || text === "" || document.hasFocus()) return;
    let notice: Notification;
    try {
      notice = new Notification(text, { tag: TAG, requireInteraction: true, icon: "/mark.svg" });
    } catch {
      // A phone's browser has the name but wants a service worker for it.
      return;
    }
    notice.onclick = () => {
      window.focus();
      notice.close();
    };
    return () => notice.close();
  }, [allowed, text]);
}

/** The browser's own word on the microphone; `unknown` where it does not tell. */
export function useMicrophonePermission(): PermissionState | "unknown" {
  const [state, setState] = useState<PermissionState | "unknown">("unknown");
  useEffect(() => {
    let gone = false;
    let status: PermissionStatus | null = null;
    const read = () => !gone && status && setState(status.state);
    void navigator.permissions
      ?.query({ name: "microphone" as PermissionName })
      .then((found) => {
        status = found;
        status.addEventListener("change", read);
        read();
      })
      .catch(() => undefined);
    return () => {
      gone = true;
      status?.removeEventListener("change", read);
    };
  }, []);
  return state;
}
