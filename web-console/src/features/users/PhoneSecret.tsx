import { ActionIcon, Alert, Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { NewPhone } from "@/api/types";
import { reachable } from "./phones";

/** How long the button says that it has copied. */
const COPIED_MS = 3_000;

/** What has to be typed into a telephone; its password is shown here once and nowhere else. */
export function PhoneSecret({ phone, done }: { phone: NewPhone; done: () => void }) {
  const { t } = useTranslation();
  const clipboard = useClipboard({ timeout: COPIED_MS });
  return (
    <Stack component="section" gap="sm" aria-label={t("phones.ready", { label: phone.label })}>
      <Alert color="petrol" variant="light" title={t("phones.ready", { label: phone.label })}>
        {t("phones.once")}
      </Alert>
      <Typed label={t("phones.username")} value={phone.username} />
      <Typed label={t("phones.password")} value={phone.password} />
      <Group gap="sm">
        <Button
          variant="default"
          autoFocus
          leftSection={
            clipboard.copied ? (
              <IconCheck size={16} aria-hidden />
            ) : (
              <IconCopy size={16} aria-hidden />
            )
          }
          onClick={() => clipboard.copy(phone.password)}
        >
          {t("phones.copy")}
        </Button>
        <Text size="sm" role="status" c={clipboard.error ? "var(--mantine-color-error)" : "dimmed"}>
          {clipboard.error ? t("phones.copy_failed") : clipboard.copied ? t("phones.copied") : ""}
        </Text>
      </Group>
      <Typed label={t("phones.domain")} hint={t("phones.domain_hint")} value={phone.realm} />
      {phone.servers.map(({ transport, address }) => (
        <Typed
          key={`${transport} ${address}`}
          label={t("phones.server", { transport: transport.toUpperCase() })}
          hint={t("phones.server_hint")}
          value={reachable(address, window.location.hostname)}
          copies
        />
      ))}
      <Group justify="flex-end">
        <Button onClick={done}>{t("phones.done")}</Button>
      </Group>
    </Stack>
  );
}

interface TypedProps {
  label: string;
  hint?: string;
  value: string;
  copies?: boolean;
}

/** A value to be typed elsewhere: a touch selects the whole of it. */
function Typed({ label, hint, value, copies = false }: TypedProps) {
  const { t } = useTranslation();
  const clipboard = useClipboard({ timeout: COPIED_MS });
  const Icon = clipboard.copied ? IconCheck : IconCopy;
  return (
    <TextInput
      label={label}
      description={hint}
      value={value}
      readOnly
      rightSection={
        copies && (
          <ActionIcon
            variant="subtle"
            aria-label={t("phones.copy_of", { what: label })}
            onClick={() => clipboard.copy(value)}
          >
            <Icon size={16} aria-hidden />
          </ActionIcon>
        )
      }
      autoComplete="off"
      styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
      onFocus={(event) => event.currentTarget.select()}
    />
  );
}
