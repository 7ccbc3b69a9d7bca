import { useQueryClient } from "@tanstack/react-query";
import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useState,
  useSyncExternalStore,
} from "react";
import { keys } from "@/api/keys";
import { serverClock } from "@/time/serverClock";
import { applyEvent, applySnapshot } from "./apply";
import { LiveClient } from "./client";
import { initial, type Phase } from "./machine";

const LiveContext = createContext<LiveClient | null>(null);

function liveUrl(): string {
  const url = new URL("/ws", window.location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}

/** One websocket for a signed-in console; what it hears goes into the query cache. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const cache = useQueryClient();
  const [client] = useState(
    () =>
      new LiveClient(liveUrl(), (outcome) => {
        switch (outcome.kind) {
          case "snapshot":
            return applySnapshot(cache, outcome.topic, outcome.data);
          case "event":
            return applyEvent(cache, outcome.event);
          case "time":
            return serverClock.hear(outcome.now, outcome.fresh);
          case "session_ended":
            return cache.setQueryData(keys.session, null);
        }
      }),
  );
  useEffect(() => {
    client.start();
    return () => client.stop();
  }, [client]);
  return <LiveContext value={client}>{children}</LiveContext>;
}

/** The connection itself, for a button that does not want to wait; none in a page on its own. */
export function useLiveClient(): LiveClient | null {
  return useContext(LiveContext);
}

/** Keeps a topic subscribed while the caller is on screen. */
export function useTopic(topic: string, wanted = true): void {
  const client = useContext(LiveContext);
  useEffect(() => (wanted ? client?.subscribe(topic) : undefined), [client, topic, wanted]);
}

const noChange = () => () => undefined;

/** Where the connection stands, for the banner and for those who write to caches themselves. */
export function useLivePhase(): Phase {
  const client = useContext(LiveContext);
  return useSyncExternalStore(
    client?.onChange ?? noChange,
    () => client?.state().phase ?? initial.phase,
  );
}

/** Whether events arrive at this moment; read when needed, without rendering again. */
export function useIsLive(): () => boolean {
  const client = useContext(LiveContext);
  return () => client?.state().phase.kind === "open";
}
