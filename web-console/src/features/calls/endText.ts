import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import type { CallSummary } from "@/api/types";

/** How a call ended, and by whom, in words; the hub's own code where we know none. */
export function useEndText(): (
  call: Pick<CallSummary, "end_cause" | "ended_by" | "ended_at">,
) => string {
  const { t } = useTranslation();
  return useCallback(
    (call) => {
      if (!call.ended_at) return t("calls.running");
      const cause = call.end_cause ? t(`end_cause.${call.end_cause}`) : null;
      const by = call.ended_by ? t(`ended_by.${call.ended_by}`) : null;
      return [cause, by].filter(Boolean).join(" · ") || "–";
    },
    [t],
  );
}
