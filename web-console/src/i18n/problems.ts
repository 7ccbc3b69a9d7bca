import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { type ApiError, asApiError } from "@/api/problem";

/** A problem in the user's words: the reason at a field first, then its code, then a last resort. */
export function problemText(t: TFunction, error: ApiError): string {
  const params = { ...error.params, code: error.code };
  const reason = error.params.reason;
  if (error.code === "invalid" && typeof reason === "string") {
    return t([`errors.reason.${reason}`, "errors.invalid"], params);
  }
  return t([`errors.${error.code}`, "errors.internal"], params);
}

export function useProblemText(): (error: unknown) => string {
  const { t } = useTranslation();
  return (error) => problemText(t, asApiError(error));
}
