import type { LiveCall } from "@/api/types";
import { displayNumber } from "@/phone/format";

/** The far end's number: who called us, or whom we call. */
export function farNumber(call: Pick<LiveCall, "direction" | "caller" | "called">): string {
  return displayNumber(call.direction === "inbound" ? call.caller : call.called);
}

/** The far end by name where we know it, else by number. */
export function farName(call: LiveCall): string {
  return call.contact?.name ?? farNumber(call);
}
