import { useTranslation } from "react-i18next";
import type { Labels } from "@/api/types";
import type { Language } from "./index";

/** A label that the company gave in each of its languages, in the one on the screen. */
export function labelOf(labels: Partial<Labels>, language: string): string {
  return labels[language as Language] || labels.en || Object.values(labels).find(Boolean) || "";
}

export function useLabel(): (labels: Partial<Labels>) => string {
  const { i18n } = useTranslation();
  return (labels) => labelOf(labels, i18n.language);
}
