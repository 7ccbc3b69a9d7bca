import type { components } from "./schema";

/** The API's own names for what it answers, short. `schema.d.ts` is generated: this file is not. */
type Schemas = components["schemas"];

export type AgentState = Schemas["AgentState"];
export type AgentView = Schemas["AgentView"];
export type AuditEntry = Schemas["AuditRow"];
export type CallDetail = Schemas["CallDetail"];
export type CallTrace = Schemas["CallTrace"];
export type CallTarget = Schemas["Target"];
export type CallSummary = Schemas["CallSummary"];
export type Company = Schemas["Company"];
export type Contact = Schemas["Contact"];
export type ContactRef = Schemas["ContactRef"];
export type ContactSummary = Schemas["ContactSummary"];
export type Density = Schemas["Density"];
export type Device = Schemas["Device"];
export type Disposition = Schemas["Disposition"];
export type Hold = Schemas["Hold"];
export type Hub = Schemas["Hub"];
export type IceServer = Schemas["IceServer"];
export type Labels = Schemas["Label"];
export type Locale = "en" | "es" | "zh";
export type Lead = Schemas["Lead"];
export type LeadStatus = Schemas["LeadStatus"];
export type Leg = Schemas["Leg"];
export type LegQuality = Schemas["JudgedQuality"];
export type LiveCall = Schemas["LiveCall"];
export type LiveCallState = LiveCall["state"];
export type MyAgent = Schemas["MyAgent"];
export type NewContact = Schemas["NewContact"];
export type MediaSecurity = Schemas["MediaSecurity"];
export type NewPhone = Schemas["NewPhone"];
export type NotReadyReason = Schemas["NotReadyReason"];
export type Participant = Schemas["Participant"];
export type PhoneCredentials = Schemas["BrowserPhone"];
export type PopContact = Schemas["PopContact"];
export type Quality = Schemas["Quality"];
export type Queue = Schemas["Queue"];
export type QueueView = Schemas["QueueView"];
export type Recording = Schemas["Recording"];
export type Role = Schemas["Role"];
export type Route = Schemas["Route"];
export type RouteTarget = Schemas["RouteTarget"];
export type ScreenPop = Schemas["ScreenPop"];
export type SearchResults = Schemas["Found"];
export type Segment = Schemas["Segment"];
export type Session = Schemas["Session"];
export type TestCallScenario = Schemas["TestCallScenario"];
export type Theme = Schemas["Theme"];
export type Ticket = Schemas["Ticket"];
export type TicketPriority = Schemas["TicketPriority"];
export type TicketStatus = Schemas["TicketStatus"];
export type TimelineItem = Schemas["TimelineItem"];
export type User = Schemas["User"];
export type UserRef = Schemas["UserRef"];
export type ParkedCall = Schemas["ParkedCall"];
export type RingingCall = Schemas["RingingCall"];
export type Colleague = Schemas["Colleague"];
export type TeamQueue = Schemas["TeamQueue"];
/** The snapshot of topic `team`. */
export interface Team {
  colleagues: Colleague[];
  queues: TeamQueue[];
  parked: ParkedCall[];
  ringing: RingingCall[];
}
export type Wall = Schemas["Wall"];
export type WantedState = Schemas["StateWord"];
export type Waveform = Schemas["Waveform"];
export type WrapUp = Schemas["WrapUp"];

/** A page of a list; `next_cursor` is absent on the last one. */
export interface Page<T> {
  items: T[];
  next_cursor?: string | null;
}
