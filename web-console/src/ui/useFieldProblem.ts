import type { ReactNode } from "react";
import { asApiError } from "@/api/problem";
import { useProblemText } from "@/i18n/problems";

/** Puts a problem document's message at its field, unless the form has its own to say there. */
export function useFieldProblem(error: unknown) {
  const text = useProblemText();
  const problem = error ? asApiError(error) : null;
  return <P extends { error?: ReactNode }>(name: string, props: P): P => ({
    ...props,
    error: props.error ?? (problem?.field === name ? text(problem) : undefined),
  });
}
