import { Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { languageName } from "@/i18n/names";

/** What customers of a European and Asian company speak; others are kept when they are there already. */
const OFFERED = ["de", "en", "es", "fr", "it", "ja", "nl", "pl", "pt", "zh"];

interface Props {
  value?: string | null;
  onChange?: (value: string | null) => void;
}

export function LanguageSelect({ value, onChange }: Props) {
  const { t, i18n } = useTranslation();
  const codes = value && !OFFERED.includes(value) ? [...OFFERED, value] : OFFERED;
  return (
    <Select
      label={t("contact.language")}
      data={codes.map((code) => ({ value: code, label: languageName(code, i18n.language) }))}
      value={value ?? null}
      onChange={onChange}
      clearable
      searchable
    />
  );
}
