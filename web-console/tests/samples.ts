import type {
  AgentView,
  CallDetail,
  Device,
  LiveCall,
  MyAgent,
  PhoneCredentials,
  Queue,
  Session,
  User,
  WrapUp,
} from "@/api/types";

/** Whole objects of the API to change one thing of. */
const AT = "2026-11-22T10:00:00Z";

export const agentView = (more: Partial<AgentView> = {}): AgentView => ({
  id: "agent",
  display_name: "Nuria Vidal",
  state: "logged_out",
  since: AT,
  phone_reachable: true,
  queues: [],
  ...more,
});

export const myAgent = (more: Partial<MyAgent> = {}): MyAgent => ({
  agent: agentView(),
  phones: [{ id: "phone", kind: "demo", label: "Demo phone", reachable: true }],
  phone_id: "phone",
  queues: [],
  ...more,
});

export const liveCall = (more: Partial<LiveCall> = {}): LiveCall => ({
  id: "call",
  direction: "inbound",
  state: "waiting",
  caller: "+34611200000",
  called: "+34910000100",
  match: "unknown",
  started_at: AT,
  state_since: AT,
  test: false,
  participants: [],
  consulting: false,
  recording: "off",
  recording_since: AT,
  ...more,
});

export const wrapUp = (more: Partial<WrapUp> = {}): WrapUp => ({
  call_id: "call",
  until: AT,
  note: "",
  ...more,
});

export const callDetail = (more: Partial<CallDetail> = {}): CallDetail => ({
  id: "call",
  direction: "inbound",
  state: "ended",
  caller: "+34611200000",
  called: "+34910000100",
  match: "unknown",
  started_at: AT,
  state_since: AT,
  note: "",
  recording_ids: [],
  test: false,
  legs: [],
  recordings: [],
  ...more,
});

export const session = (
  rights: Session["rights"] = ["handle_calls", "view_contacts"],
): Session => ({
  user: {
    id: "agent",
    email: "nuria@aurora.example",
    display_name: "Nuria Vidal",
    role: "agent",
    theme: "light",
    density: "comfortable",
    active: true,
    redirect_allowed: false,
    recording: null,
    created_at: AT,
  },
  rights,
  csrf_token: "token",
  hub: { name: "Aurora", version: "0.1.0", demo: true, inbound_numbers: [] },
});

export const phoneCredentials = (more: Partial<PhoneCredentials> = {}): PhoneCredentials => ({
  id: "browser",
  username: "b-nuria",
  password: "secret",
  domain: "aurora.example",
  websocket_path: "/sip",
  expires_at: "2026-11-22T11:00:00Z",
  ice_servers: [],
  ...more,
});

export const user = (more: Partial<User> = {}): User => ({ ...session().user, ...more });

export const queue = (more: Partial<Queue> = {}): Queue => ({
  id: "queue",
  name: "Support",
  channel: "call",
  position: 1,
  weight: 1,
  ring_timeout_ms: 15_000,
  wrap_up_ms: 30_000,
  active: true,
  ...more,
});

export const device = (more: Partial<Device> = {}): Device => ({
  id: "phone",
  user_id: "agent",
  username: "nuria-desk",
  kind: "desk",
  label: "Desk phone",
  realm: "aurora.example",
  media_security: "optional",
  ...more,
});
