import { UA } from "jssip";
import type { RTCSession } from "jssip/lib/RTCSession";
import type { IncomingRequest } from "jssip/lib/SIPMessage";
import type { IncomingRTCSessionEvent, RTCSessionEvent, UnRegisteredEvent } from "jssip/lib/UA";
import type { IceServer, PhoneCredentials } from "@/api/types";
import type { Endpoint, EndpointEvent } from "./endpoint";
import { instanceId } from "./instance";
import { outlivesRefusedOffers } from "./refusedOffer";
import { SipSocket } from "./sipSocket";
import { seekWayBack } from "./wayBack";

/** Half of it passes between two registrations; a lost connection is noticed long before. */
const REGISTER_EXPIRES_S = 300;
/** Between tries to connect: a caller is kept for half a minute. */
const SHORTEST_RECONNECT_S = 1;
const LONGEST_RECONNECT_S = 4;
/** The hub ends the ringing; this only keeps an offer that it forgot from ringing for ever. */
const LONGEST_RING_S = 180;
/** Asks for new words of ICE in the running call. */
const RESTART = { rtcOfferConstraints: { iceRestart: true } };
/** The hub's word on an INVITE that its person has asked for: click-to-dial, or resumed after a reload. */
const ANSWER_HEADER = "X-Centralita-Answer";

/** The hub's websocket, secure as the page itself is. */
export function sipUrl(path: string, page: URL = new URL(window.location.href)): string {
  const url = new URL(path, page.origin);
  url.protocol = page.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}

/** The one place that speaks JsSIP. */
export function sipEndpoint(
  credentials: PhoneCredentials,
  tell: (event: EndpointEvent) => void,
): Endpoint {
  const socket = new SipSocket(sipUrl(credentials.websocket_path));
  const calls = new Map<string, RTCSession>();
  let over = false;
  const say = (event: EndpointEvent) => {
    if (!over) tell(event);
  };
  const ua = new UA({
    sockets: [socket],
    uri: `sip:${credentials.username}@${credentials.domain}`,
    password: credentials.password,
    instance_id: instanceId(),
    register_expires: REGISTER_EXPIRES_S,
    connection_recovery_min_interval: SHORTEST_RECONNECT_S,
    connection_recovery_max_interval: LONGEST_RECONNECT_S,
    no_answer_timeout: LONGEST_RING_S,
    user_agent: "Centralita console",
  });

  ua.on("registered", () => say({ kind: "registered" }));
  ua.on("disconnected", () => say({ kind: "unregistered", status: null }));
  ua.on("registrationFailed", ({ response }: Partial<UnRegisteredEvent>) => {
    if (response) say({ kind: "unregistered", status: response.status_code });
    // Nobody answered: the connection is dead, and a new one registers anew.
    else socket.drop();
  });
  ua.on("newRTCSession", (event: RTCSessionEvent) => {
    if (isIncoming(event)) ring(event.session, event.request);
    // We never call by SIP ourselves: click-to-dial rings us.
    else event.session.terminate();
  });

  function ring(session: RTCSession, request: IncomingRequest): void {
    const call = session.id;
    calls.set(call, session);
    const gone = () => {
      if (calls.delete(call)) say({ kind: "ended", call });
    };
    session.on("ended", gone);
    session.on("failed", gone);
    session.on("accepted", () => say({ kind: "established", call }));
    // The hub is ICE-lite: it learns our addresses from our checks, so one is enough to answer with.
    session.on("icecandidate", ({ ready }) => ready());
    session.on("peerconnection", ({ peerconnection: peer }) => {
      peer.addEventListener("track", ({ track, streams }) =>
        say({ kind: "sound", call, stream: streams[0] ?? new MediaStream([track]), peer }),
      );
      outlivesRefusedOffers(session, peer);
      seekWayBack(peer, {
        restart: () => ua.isRegistered() && session.renegotiate(RESTART),
        giveUp: () => calls.has(call) && session.terminate(),
      });
    });
    const { display_name, uri } = request.from;
    say({
      kind: "invite",
      call,
      caller: display_name || uri.user,
      auto: request.getHeader(ANSWER_HEADER) === "auto",
    });
  }

  return {
    start: () => ua.start(),
    renew: ({ password }) => {
      ua.set("password", password);
      if (ua.isConnected()) ua.register();
    },
    answer: (call, microphone, iceServers) =>
      calls.get(call)?.answer({
        mediaStream: microphone,
        pcConfig: { iceServers: iceServers.map(forBrowser) },
      }),
    reject: (call, status) => calls.get(call)?.terminate({ status_code: status }),
    hangUp: (call) => calls.get(call)?.terminate(),
    mute: (call, muted) => {
      // The library's own switch: a renegotiation would open a track that was shut behind its back.
      const session = calls.get(call);
      if (muted) session?.mute({ audio: true });
      else session?.unmute({ audio: true });
    },
    stop: () => {
      over = true;
      ua.stop();
    },
    abandon: () => {
      over = true;
      socket.silence();
      ua.stop();
    },
  };
}

function isIncoming(event: RTCSessionEvent): event is IncomingRTCSessionEvent {
  return (event.originator as string) === "remote";
}

function forBrowser({ urls, username, credential }: IceServer): RTCIceServer {
  return { urls, username: username ?? undefined, credential: credential ?? undefined };
}
