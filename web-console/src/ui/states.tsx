import type { MantineSize } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type {
  AgentState,
  LeadStatus,
  LiveCallState,
  TicketPriority,
  TicketStatus,
} from "@/api/types";
import type { ShapeName } from "./Shape";
import { Toned } from "./Toned";
import type { Tone } from "./tones";

type Look = readonly [ShapeName, Tone];

export const AGENT_LOOKS: Record<AgentState, Look> = {
  ready: ["disc", "good"],
  offered: ["triangle", "alert"],
  talking: ["square", "busy"],
  dialling: ["arrow", "busy"],
  wrap_up: ["half", "after"],
  not_ready: ["bar", "away"],
  logged_out: ["ring", "off"],
};

const CALL_LOOKS: Record<LiveCallState, Look> = {
  greeting: ["note", "off"],
  waiting: ["hourglass", "alert"],
  ringing: ["triangle", "alert"],
  talking: ["square", "busy"],
  held: ["pause", "after"],
  parked: ["pause", "alert"],
  overflow: ["cross", "away"],
  dialling: ["arrow", "busy"],
  ended: ["ring", "off"],
};

const TICKET_LOOKS: Record<TicketStatus, Look> = {
  open: ["disc", "busy"],
  pending: ["hourglass", "alert"],
  solved: ["square", "good"],
  closed: ["ring", "off"],
};

const PRIORITY_LOOKS: Record<TicketPriority, Look> = {
  low: ["ring", "off"],
  normal: ["half", "off"],
  high: ["triangle", "alert"],
  urgent: ["triangle", "away"],
};

const LEAD_LOOKS: Record<LeadStatus, Look> = {
  new: ["disc", "busy"],
  contacted: ["half", "busy"],
  qualified: ["triangle", "good"],
  won: ["square", "good"],
  lost: ["cross", "off"],
};

interface Sized {
  size?: MantineSize;
}

export function AgentStateMark({ state, size }: { state: AgentState } & Sized) {
  const { t } = useTranslation();
  const [shape, tone] = AGENT_LOOKS[state];
  return (
    <Toned shape={shape} tone={tone} size={size}>
      {t(`states.agent.${state}`)}
    </Toned>
  );
}

export function CallStateMark({ state, size }: { state: LiveCallState } & Sized) {
  const { t } = useTranslation();
  const [shape, tone] = CALL_LOOKS[state];
  return (
    <Toned shape={shape} tone={tone} size={size}>
      {t(`states.call.${state}`)}
    </Toned>
  );
}

export function TicketStatusMark({ status, size }: { status: TicketStatus } & Sized) {
  const { t } = useTranslation();
  const [shape, tone] = TICKET_LOOKS[status];
  return (
    <Toned shape={shape} tone={tone} size={size}>
      {t(`states.ticket.${status}`)}
    </Toned>
  );
}

export function PriorityMark({ priority, size }: { priority: TicketPriority } & Sized) {
  const { t } = useTranslation();
  const [shape, tone] = PRIORITY_LOOKS[priority];
  return (
    <Toned shape={shape} tone={tone} size={size}>
      {t(`states.priority.${priority}`)}
    </Toned>
  );
}

export function LeadStatusMark({ status, size }: { status: LeadStatus } & Sized) {
  const { t } = useTranslation();
  const [shape, tone] = LEAD_LOOKS[status];
  return (
    <Toned shape={shape} tone={tone} size={size}>
      {t(`states.lead.${status}`)}
    </Toned>
  );
}
