import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { BETWEEN_MS, HICCUP_MS, LONGEST_MS, seekWayBack } from "./wayBack";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

class Peer extends EventTarget {
  iceConnectionState: RTCIceConnectionState = "connected";

  becomes(state: RTCIceConnectionState): void {
    this.iceConnectionState = state;
    this.dispatchEvent(new Event("iceconnectionstatechange"));
  }
}

/** A call's connection, with the listener of a library that was there first. */
function call(restart = vi.fn(() => true)) {
  const peer = new Peer();
  const library = vi.fn();
  peer.addEventListener("iceconnectionstatechange", () => library(peer.iceConnectionState));
  const giveUp = vi.fn();
  seekWayBack(peer as unknown as RTCPeerConnection, { restart, giveUp });
  return { peer, library, restart, giveUp };
}

describe("the way back of a call's sound", () => {
  it("is not sought for a hiccup", () => {
    const { peer, restart } = call();
    peer.becomes("disconnected");
    vi.advanceTimersByTime(HICCUP_MS - 1);
    peer.becomes("connected");
    vi.advanceTimersByTime(LONGEST_MS);
    expect(restart).not.toHaveBeenCalled();
  });

  it("is sought until it is found, and the library does not hang up meanwhile", () => {
    const { peer, library, restart, giveUp } = call();
    peer.becomes("disconnected");
    vi.advanceTimersByTime(HICCUP_MS);
    expect(restart).toHaveBeenCalledTimes(1);
    peer.becomes("failed");
    vi.advanceTimersByTime(BETWEEN_MS);
    expect(restart).toHaveBeenCalledTimes(2);
    // One that is under way is left alone.
    peer.becomes("checking");
    vi.advanceTimersByTime(BETWEEN_MS);
    expect(restart).toHaveBeenCalledTimes(2);
    peer.becomes("connected");
    vi.advanceTimersByTime(LONGEST_MS);
    expect(restart).toHaveBeenCalledTimes(2);
    expect(library.mock.calls).toEqual([["checking"], ["connected"]]);
    expect(giveUp).not.toHaveBeenCalled();
  });

  it("waits for the hub to be reachable, and is sought again when it is lost again", () => {
    const { peer, restart } = call(vi.fn(() => false));
    peer.becomes("failed");
    vi.advanceTimersByTime(HICCUP_MS * 3);
    expect(restart).toHaveBeenCalledTimes(3);
    restart.mockReturnValue(true);
    vi.advanceTimersByTime(HICCUP_MS);
    expect(restart).toHaveBeenCalledTimes(4);
    peer.becomes("connected");
    peer.becomes("disconnected");
    vi.advanceTimersByTime(HICCUP_MS);
    expect(restart).toHaveBeenCalledTimes(5);
  });

  it("is given up once, after as long as the hub waits, and not for a call that is over", () => {
    const { peer, giveUp } = call();
    peer.becomes("failed");
    vi.advanceTimersByTime(LONGEST_MS + BETWEEN_MS);
    expect(giveUp).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(LONGEST_MS);
    expect(giveUp).toHaveBeenCalledTimes(1);

    const over = call();
    over.peer.becomes("disconnected");
    // Closing it is told to no listener.
    over.peer.iceConnectionState = "closed";
    vi.advanceTimersByTime(LONGEST_MS * 2);
    expect(over.restart).not.toHaveBeenCalled();
    expect(over.giveUp).not.toHaveBeenCalled();
  });
});
