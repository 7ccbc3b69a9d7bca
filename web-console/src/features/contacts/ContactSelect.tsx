import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useContactChoices } from "./contacts";

/** A pause in typing. */
const ASK_AFTER_MS = 200;

interface Props {
  label: string;
  value?: string | null;
  onChange?: (id: string | null) => void;
  error?: ReactNode;
}

/** One of many contacts, found by any spelling of a name or number. */
export function ContactSelect({ label, value, onChange, error }: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const [chosenName, setChosenName] = useState<string | null>(null);
  const [asked] = useDebouncedValue(typed, ASK_AFTER_MS);
  const found = useContactChoices(asked === chosenName ? "" : asked).data?.items ?? [];
  const choices = new Map(
    found.map(({ id, name, company }) => [id, company ? `${name} (${company.name})` : name]),
  );
  if (value && chosenName && !choices.has(value)) choices.set(value, chosenName);
  return (
    <Select
      label={label}
      data={[...choices].map(([id, name]) => ({ value: id, label: name }))}
      value={value ?? null}
      onChange={(id, option) => {
        setChosenName(option?.label ?? null);
        onChange?.(id);
      }}
      onSearchChange={setTyped}
      // The hub has searched already, in more spellings than a substring knows.
      filter={({ options }) => options}
      nothingFoundMessage={t("common.nothing_found")}
      searchable
      clearable
      error={error}
    />
  );
}
