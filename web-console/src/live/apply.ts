import type { QueryClient } from "@tanstack/react-query";
import { keys } from "@/api/keys";
import type { CallSummary, MyAgent, Team, Wall } from "@/api/types";
import type { LiveEvent, SnapshotData } from "./protocol";

const CONTACT_TOPIC = "contact:";

/** A snapshot replaces what the cache held; a topic of events alone makes its lists stale. */
export function applySnapshot(cache: QueryClient, topic: string, data: SnapshotData): void {
  if (topic === "agent") cache.setQueryData(keys.agent, data as MyAgent);
  else if (topic === "wall") cache.setQueryData(keys.wall, data as Wall);
  else if (topic === "team") cache.setQueryData(keys.team, data as Team);
  else if (topic === "calls") void cache.invalidateQueries({ queryKey: keys.calls() });
  else if (topic.startsWith(CONTACT_TOPIC)) staleContact(cache, topic.slice(CONTACT_TOPIC.length));
}

/** One numbered event into the cache. */
export function applyEvent(cache: QueryClient, event: LiveEvent): void {
  switch (event.type) {
    case "agent": {
      const { type: _type, ...agent } = event;
      cache.setQueryData<MyAgent>(keys.agent, agent);
      return;
    }
    case "agent_changed":
    case "call_changed":
    case "call_ended":
    case "queue_changed":
      cache.setQueryData<Wall>(keys.wall, (wall) => (wall ? changeWall(wall, event) : wall));
      return;
    case "colleague_changed":
    case "team_queue_changed":
    case "parked_changed":
    case "ringing_changed":
      cache.setQueryData<Team>(keys.team, (team) => (team ? changeTeam(team, event) : team));
      return;
    case "call_finished":
      finished(cache, event.call);
      return;
    case "timeline_changed":
      staleContact(cache, event.contact_id);
      return;
  }
}

/** The wall after one event; order is kept, so that rows do not jump under the eye. */
export function changeWall(wall: Wall, event: LiveEvent): Wall {
  switch (event.type) {
    case "agent_changed":
      return { ...wall, agents: put(wall.agents, event.agent) };
    case "queue_changed":
      return { ...wall, queues: put(wall.queues, event.queue) };
    case "call_changed":
      return event.call.state === "ended"
        ? { ...wall, calls: wall.calls.filter((call) => call.id !== event.call.id) }
        : { ...wall, calls: put(wall.calls, event.call) };
    case "call_ended":
      return { ...wall, calls: wall.calls.filter((call) => call.id !== event.call_id) };
    default:
      return wall;
  }
}

/** The team after one event. */
export function changeTeam(team: Team, event: LiveEvent): Team {
  switch (event.type) {
    case "colleague_changed":
      return { ...team, colleagues: put(team.colleagues, event.colleague) };
    case "team_queue_changed":
      return { ...team, queues: put(team.queues, event.queue) };
    case "parked_changed":
      return { ...team, parked: event.parked };
    case "ringing_changed":
      return { ...team, ringing: event.ringing };
    default:
      return team;
  }
}

function put<T extends { id: string }>(rows: readonly T[], row: T): T[] {
  const at = rows.findIndex((other) => other.id === row.id);
  return at < 0 ? [...rows, row] : rows.with(at, row);
}

function finished(cache: QueryClient, call: CallSummary): void {
  void cache.invalidateQueries({ queryKey: keys.calls() });
  void cache.invalidateQueries({ queryKey: keys.call(call.id) });
  if (call.contact) staleContact(cache, call.contact.id);
}

function staleContact(cache: QueryClient, id: string): void {
  void cache.invalidateQueries({ queryKey: keys.timeline(id) });
  void cache.invalidateQueries({ queryKey: keys.contact(id) });
}
