import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCompanyChoices } from "./companies";

/** A pause in typing. */
const ASK_AFTER_MS = 200;

interface Props {
  label: string;
  /** The company chosen before, so that its name is there before any search. */
  current: { id: string; name: string } | null;
  value?: string | null;
  onChange?: (id: string | null) => void;
  error?: ReactNode;
}

/** One of many companies, found by typing. */
export function CompanySelect({ label, current, value, onChange, error }: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const [asked] = useDebouncedValue(typed, ASK_AFTER_MS);
  const found = useCompanyChoices(asked === current?.name ? "" : asked).data?.items ?? [];
  const choices = new Map(found.map(({ id, name }) => [id, name]));
  if (current) choices.set(current.id, current.name);
  return (
    <Select
      label={label}
      data={[...choices].map(([id, name]) => ({ value: id, label: name }))}
      value={value ?? null}
      onChange={onChange}
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
