/** A hiccup mends itself: the browser goes on checking the way it has. */
export const HICCUP_MS = 2_000;
/** Between restarts: each has the time to connect anew, on a slow network too. */
export const BETWEEN_MS = 4_000;
/** As long as the hub keeps a caller from whom it hears nothing. */
export const LONGEST_MS = 30_000;

export interface Means {
  /** Begins the ICE restart that finds another way (RFC 8445 section 2.4); says whether it could. */
  restart: () => boolean;
  /** Ends the call. */
  giveUp: () => void;
}

/**
 * Seeks another way for a call's sound when its own is gone. Until that is hopeless no listener that came before hears
 * that the way has failed: the library would hang up at once.
 */
export function seekWayBack(
  peer: Pick<RTCPeerConnection, "iceConnectionState" | "addEventListener">,
  { restart, giveUp }: Means,
): void {
  let lostAtMs: number | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const isLost = () => ["disconnected", "failed"].includes(peer.iceConnectionState);
  const seek = () => {
    if (lostAtMs === null || peer.iceConnectionState === "closed") return;
    if (Date.now() - lostAtMs >= LONGEST_MS) {
      lostAtMs = null;
      giveUp();
      return;
    }
    // A restart that is under way is left alone; one that cannot begin yet is tried again soon.
    const begun = !isLost() || restart();
    timer = setTimeout(seek, begun ? BETWEEN_MS : HICCUP_MS);
  };

  peer.addEventListener(
    "iceconnectionstatechange",
    (event) => {
      if (isLost()) {
        event.stopImmediatePropagation();
        if (lostAtMs !== null) return;
        lostAtMs = Date.now();
        timer = setTimeout(seek, HICCUP_MS);
      } else if (["connected", "completed", "closed"].includes(peer.iceConnectionState)) {
        clearTimeout(timer);
        lostAtMs = null;
      }
    },
    // Before the library's own listener, which is older.
    { capture: true },
  );
}
