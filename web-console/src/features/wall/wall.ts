import { skipToken, useMutation, useQuery } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import { keys } from "@/api/keys";
import type { AgentState, AgentView, Wall, WantedState } from "@/api/types";
import { useTopic } from "@/live/LiveProvider";

/** Everything on the floor, fed by topic `wall` alone. */
export function useWall(): Wall | undefined {
  useTopic("wall");
  return useQuery<Wall>({ queryKey: keys.wall, queryFn: skipToken }).data;
}

/** A supervisor sets somebody else's state; the event shows it on every wall. */
export function useForceState() {
  return useMutation({
    mutationFn: ({ id, state, reason }: { id: string; state: WantedState; reason?: string }) =>
      answer(
        api.PUT("/api/v1/agents/{id}/state", { params: { path: { id } }, body: { state, reason } }),
      ),
  });
}

/** Those in calls first, the absent last; within a state by name, so that rows keep their place. */
const ORDER: Record<AgentState, number> = {
  offered: 0,
  talking: 1,
  dialling: 1,
  wrap_up: 2,
  ready: 3,
  not_ready: 4,
  logged_out: 5,
};

export function sortAgents(agents: readonly AgentView[]): AgentView[] {
  return agents.toSorted(
    (a, b) => ORDER[a.state] - ORDER[b.state] || a.display_name.localeCompare(b.display_name),
  );
}
