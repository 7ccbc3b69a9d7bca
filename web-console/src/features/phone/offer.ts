import type { MyAgent } from "@/api/types";
import { useCallAction } from "@/features/agent/agent";
import { farName } from "@/features/agent/who";
import { displayNumber } from "@/phone/format";
import { type PhoneHandle, usePhone } from "./PhoneProvider";
import { chosenPhone } from "./phones";

export interface Offer {
  /** Who calls. */
  from: string;
  /** Whether this tab makes the sound: a phone in another tab rings there. */
  sounds: boolean;
  /** `null` where the phone has a key of its own for it. */
  answer: (() => void) | null;
  reject: (() => void) | null;
  /** On its way: a press that was made, or the microphone being opened. */
  pending: "answer" | "reject" | null;
}

/** The call that rings at me, and what can be done about it from here. */
export function useOffer(mine: MyAgent | undefined): Offer | null {
  const handle = usePhone();
  const act = useCallAction();
  if (!mine) return null;
  const call = mine.agent.state === "offered" ? mine.current : null;
  const kind = chosenPhone(mine)?.kind;
  const line = lineHere(handle);
  if (line?.kind === "ringing") {
    return {
      from: call ? farName(call) : displayNumber(line.caller),
      sounds: true,
      answer: () => handle?.phone.feed({ kind: "answer" }),
      reject: () => handle?.phone.feed({ kind: "reject" }),
      pending: null,
    };
  }
  if (!call) return null;
  const answering = line !== null && line.kind !== "idle";
  const pressed = act.isPending && act.variables.action !== "hang-up" ? act.variables.action : null;
  return {
    from: farName(call),
    // A call that is being answered makes no sound any more; one in another tab rings there.
    sounds: kind !== "browser",
    answer: kind === "demo" ? () => act.mutate({ call: call.id, action: "answer" }) : null,
    reject: answering ? null : () => act.mutate({ call: call.id, action: "reject" }),
    pending: answering ? "answer" : pressed,
  };
}

function lineHere(handle: PhoneHandle | null) {
  const phone = handle?.view.phone;
  return phone?.kind === "here" ? phone.line : null;
}
