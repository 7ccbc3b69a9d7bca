import { ActionIcon, Button, type ButtonProps } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconPhoneOutgoing } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/features/session/session";
import { displayNumber } from "@/phone/format";
import { useDial } from "./calls";

interface Props extends ButtonProps {
  number: string;
  contactId?: string;
  /** An icon alone, where the number stands beside it already. */
  compact?: boolean;
}

/** Click-to-dial: my own phone rings first, then theirs. */
export function DialButton({ number, contactId, compact, ...props }: Props) {
  const { t } = useTranslation();
  const may = useMay();
  const dial = useDial();
  if (!may("place_calls")) return null;
  const press = () =>
    dial.mutate(
      { number, contact_id: contactId },
      {
        onSuccess: () =>
          notifications.show({ title: t("calls.dialling"), message: t("calls.your_phone_first") }),
      },
    );
  const name = t("calls.dial_number", { number: displayNumber(number) });
  if (compact) {
    return (
      <ActionIcon variant="light" aria-label={name} loading={dial.isPending} onClick={press}>
        <IconPhoneOutgoing size={17} aria-hidden />
      </ActionIcon>
    );
  }
  return (
    <Button
      leftSection={<IconPhoneOutgoing size={16} aria-hidden />}
      aria-label={name}
      loading={dial.isPending}
      onClick={press}
      {...props}
    >
      {t("calls.dial")}
    </Button>
  );
}
