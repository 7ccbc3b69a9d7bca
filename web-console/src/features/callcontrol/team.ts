import { skipToken, useQuery } from "@tanstack/react-query";
import { keys } from "@/api/keys";
import type { Team } from "@/api/types";
import { useMay } from "@/features/session/session";
import { useTopic } from "@/live/LiveProvider";

/** Colleagues, queues and parked calls, fed by topic `team` alone. */
export function useTeam(): Team | undefined {
  useTopic("team", useMay()("handle_calls"));
  return useQuery<Team>({ queryKey: keys.team, queryFn: skipToken }).data;
}
