import type { RTCSession } from "jssip/lib/RTCSession";

/** By this the library tells the one end of a call from the others: its re-INVITE was refused. */
const REFUSED = "Media Renegotiation Failed";

/**
 * A call whose re-INVITE is refused goes on as it was agreed before (RFC 3261 section 14.1), as when both sides
 * have sent one at the same time (491). The library would hang up.
 */
export function outlivesRefusedOffers(
  session: RTCSession,
  peer: Pick<RTCPeerConnection, "setLocalDescription">,
): void {
  const terminate = session.terminate.bind(session);
  session.terminate = (options) => {
    if (options?.reason_phrase !== REFUSED) {
      terminate(options);
      return;
    }
    // The offer counts no more. An offer of the hub that crossed it has done that already.
    peer.setLocalDescription({ type: "rollback" }).catch(() => undefined);
  };
}
