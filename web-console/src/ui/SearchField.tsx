import { CloseButton, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

/** A pause in typing. */
const APPLY_AFTER_MS = 220;

interface Props {
  label: string;
  value: string | undefined;
  apply: (text: string | undefined) => void;
}

/** Searches as one types; what is searched for stands in the address. */
export function SearchField({ label, value, apply }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState(value ?? "");
  const later = useDebouncedCallback(
    (next: string) => apply(next.trim() || undefined),
    APPLY_AFTER_MS,
  );
  const change = (next: string) => {
    setText(next);
    later(next);
  };
  return (
    <TextInput
      type="search"
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={
        text && <CloseButton size="sm" aria-label={t("common.remove")} onClick={() => change("")} />
      }
      value={text}
      onChange={(event) => change(event.currentTarget.value)}
      w={{ base: "100%", xs: 320 }}
    />
  );
}
