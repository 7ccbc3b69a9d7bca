import { useTranslation } from "react-i18next";
import { useLabel } from "@/i18n/label";
import { useReasons } from "./agent";

/** A reason's words: the company's own reasons carry theirs, the hub's are ours. */
export function useReasonText(): (code: string) => string {
  const { t } = useTranslation();
  const label = useLabel();
  const reasons = useReasons();
  return (code) => {
    const known = reasons.data?.find((reason) => reason.code === code);
    return known ? label(known.label) : t(`reasons.${code}`, { defaultValue: code });
  };
}
