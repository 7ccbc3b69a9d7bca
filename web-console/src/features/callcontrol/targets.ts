import type { AgentState, CallTarget, Colleague, SearchResults, TeamQueue } from "@/api/types";
import { useSearch } from "@/features/search/search";
import { useMay, useSession } from "@/features/session/session";
import { displayNumber } from "@/phone/format";
import { useTeam } from "./team";

/** One of those a call can go on to. */
export type Choice = { key: string; name: string; to: CallTarget } & (
  | { kind: "number" | "contact" }
  | { kind: "agent"; state: AgentState }
  | { kind: "queue"; waiting: number; ready: number }
);

/** More than fit are found by another letter. */
const MOST_EACH = 6;
/** Digits, and how people write them; the hub reads any spelling. */
const TYPED_NUMBER = /^\+?[\d\s().-]{3,}$/;

interface Known {
  agents: readonly Colleague[];
  queues: readonly TeamQueue[];
  found: SearchResults | undefined;
  me: string;
}

/** Everybody who fits what was typed: colleagues, queues, a number, contacts. */
export function choicesFor(typed: string, { agents, queues, found, me }: Known): Choice[] {
  const needle = typed.trim().toLocaleLowerCase();
  const fits = (name: string) => name.toLocaleLowerCase().includes(needle);
  const number: Choice[] = TYPED_NUMBER.test(typed.trim())
    ? [{ kind: "number", key: "number", name: typed.trim(), to: target(typed.trim()) }]
    : [];
  return [
    ...number,
    ...agents
      .filter((agent) => agent.id !== me && agent.state !== "logged_out")
      .filter((agent) => fits(agent.display_name))
      // Who can take the call now stands first.
      .toSorted((a, b) => Number(b.state === "ready") - Number(a.state === "ready"))
      .slice(0, MOST_EACH)
      .map(
        ({ id, display_name, state }): Choice => ({
          kind: "agent",
          key: id,
          name: display_name,
          state,
          to: { kind: "agent", user_id: id },
        }),
      ),
    ...queues
      .filter((queue) => fits(queue.name))
      .slice(0, MOST_EACH)
      .map(
        ({ id, name, waiting, ready }): Choice => ({
          kind: "queue",
          key: id,
          name,
          waiting,
          ready,
          to: { kind: "queue", queue_id: id },
        }),
      ),
    ...(needle && found ? found.contacts : [])
      .flatMap((contact) =>
        contact.phones.slice(0, 1).map(
          ({ e164 }): Choice => ({
            kind: "contact",
            key: contact.id,
            name: `${contact.name} · ${displayNumber(e164)}`,
            to: target(e164),
          }),
        ),
      )
      .slice(0, MOST_EACH),
  ];
}

function target(number: string): CallTarget {
  return { kind: "number", number };
}

/** The same from what this user may see. */
export function useChoices(typed: string): Choice[] {
  const may = useMay();
  const { user } = useSession();
  const team = useTeam();
  const found = useSearch(may("view_contacts") ? typed : "").data;
  return choicesFor(typed, {
    agents: team?.colleagues ?? [],
    queues: team?.queues ?? [],
    found,
    me: user.id,
  });
}
