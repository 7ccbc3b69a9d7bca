import { useTranslation } from "react-i18next";
import { displayNumber } from "@/phone/format";
import type { Party } from "./ladder";

/** What a column is called: who it is, and where they are reached. */
export function usePartyName(): (party: Party | undefined) => string {
  const { t } = useTranslation();
  return (party) => {
    if (!party) return "–";
    const kind = t(`trace.party.${party.kind}`);
    return party.peer ? `${kind} ${displayNumber(party.peer)}` : kind;
  };
}
