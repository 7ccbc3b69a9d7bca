import { Button, Group, Paper, Stack, Text } from "@mantine/core";
import { IconKey, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Device, NewPhone } from "@/api/types";
import { useProblemText } from "@/i18n/problems";
import { useRemovePhone, useRenewPhone, useSecurePhone } from "./phones";
import { SecurityChoice } from "./SecurityChoice";

interface Props {
  user: string;
  phone: Device;
  renewed: (phone: NewPhone) => void;
}

/** One telephone. What takes it out of service asks first, in its place. */
export function PhoneCard({ user, phone, renewed }: Props) {
  const { t } = useTranslation();
  const text = useProblemText();
  const renew = useRenewPhone(user);
  const remove = useRemovePhone(user);
  const secure = useSecurePhone(user);
  const [asking, setAsking] = useState<"renew" | "remove" | null>(null);
  const { label } = phone;
  const busy = renew.isPending || remove.isPending || secure.isPending;
  const error = renew.error ?? remove.error ?? secure.error;
  const go = () => {
    if (asking === "renew") renew.mutate(phone.id, { onSuccess: renewed });
    else remove.mutate(phone.id);
    setAsking(null);
  };
  return (
    <Paper p="sm" component="li" aria-label={label}>
      <Stack gap="xs">
        <div>
          <Text size="sm" fw={500}>
            {label}
          </Text>
          <Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
            {t(`phones.kinds.${phone.kind}`)} · {phone.username}
          </Text>
        </div>
        {Boolean(error) && (
          <Text size="sm" role="alert" c="var(--mantine-color-error)">
            {text(error)}
          </Text>
        )}
        {phone.kind === "desk" && (
          <SecurityChoice
            label={t("phones.media_security_of", { label })}
            value={phone.media_security}
            disabled={busy}
            change={(wanted) => secure.mutate({ phone: phone.id, wanted })}
          />
        )}
        {asking !== null ? (
          <Sure
            text={t(`phones.${asking}_sure`, { label })}
            action={t(asking === "renew" ? "phones.renew" : "common.remove")}
            go={go}
            cancel={() => setAsking(null)}
          />
        ) : (
          phone.kind === "desk" && (
            <Group gap="xs">
              <Button
                size="compact-sm"
                variant="default"
                leftSection={<IconKey size={14} aria-hidden />}
                aria-label={t("phones.renew_of", { label })}
                disabled={busy}
                onClick={() => setAsking("renew")}
              >
                {t("phones.renew")}
              </Button>
              <Button
                size="compact-sm"
                variant="default"
                leftSection={<IconTrash size={14} aria-hidden />}
                aria-label={t("phones.remove_of", { label })}
                disabled={busy}
                onClick={() => setAsking("remove")}
              >
                {t("common.remove")}
              </Button>
            </Group>
          )
        )}
      </Stack>
    </Paper>
  );
}

interface SureProps {
  text: string;
  action: string;
  go: () => void;
  cancel: () => void;
}

/** What would happen, and the way back first under the fingers. */
function Sure({ text, action, go, cancel }: SureProps) {
  const { t } = useTranslation();
  return (
    <Stack gap="xs" role="group" aria-label={text}>
      <Text size="sm">{text}</Text>
      <Group gap="xs">
        <Button size="compact-sm" variant="default" autoFocus onClick={cancel}>
          {t("common.cancel")}
        </Button>
        <Button size="compact-sm" color="#b3261e" onClick={go}>
          {action}
        </Button>
      </Group>
    </Stack>
  );
}
