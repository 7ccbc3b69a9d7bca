import { NativeSelect } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { MediaSecurity } from "@/api/types";
import { MEDIA_SECURITIES } from "./phones";

interface Props {
  label: string;
  value: MediaSecurity;
  change: (wanted: MediaSecurity) => void;
  disabled?: boolean;
}

/** How a telephone's sound has to be encrypted. */
export function SecurityChoice({ label, value, change, disabled = false }: Props) {
  const { t } = useTranslation();
  return (
    <NativeSelect
      label={label}
      description={t("phones.media_security_hint")}
      value={value}
      disabled={disabled}
      data={MEDIA_SECURITIES.map((wanted) => ({
        value: wanted,
        label: t(`phones.media_securities.${wanted}`),
      }))}
      onChange={({ currentTarget }) => {
        const wanted = MEDIA_SECURITIES.find((known) => known === currentTarget.value);
        if (wanted) change(wanted);
      }}
    />
  );
}
