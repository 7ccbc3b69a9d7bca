import { useTranslation } from "react-i18next";
import { displayNumber } from "@/phone/format";
import type { Party, Step } from "./ladder";

/** What a column is called: who it is, and where they are reached. */
export function usePartyName(): (party: Party | undefined) => string {
  const { t } = useTranslation();
  return (party) => {
    if (!party) return "–";
    const kind = t(`trace.party.${party.kind}`);
    return party.peer ? `${kind} ${displayNumber(party.peer)}` : kind;
  };
}

/** What a step says: its method or answer, whether media is described, whether it was said before. */
export function useStepText(): (step: Step) => string {
  const { t } = useTranslation();
  return ({ message, copy }) => {
    const text = message.sdp ? t("trace.with_sdp", { summary: message.summary }) : message.summary;
    return copy ? t("trace.copy", { text }) : text;
  };
}
