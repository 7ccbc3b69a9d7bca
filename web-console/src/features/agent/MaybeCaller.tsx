import { Button, Group, Paper, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ScreenPop } from "@/api/types";
import { usePatchCall } from "@/features/calls/calls";
import { TextLink } from "@/ui/links";

/** Several contacts share the number: whose call it is, is one press away. */
export function MaybeCaller({ pop }: { pop: ScreenPop }) {
  const { t } = useTranslation();
  const patch = usePatchCall();
  return (
    <Stack gap="xs">
      <Text fw={600}>{t("pop.maybe", { n: pop.contacts.length })}</Text>
      {pop.contacts.map((contact) => (
        <Paper key={contact.id} p="sm">
          <Group justify="space-between" gap="sm">
            <div>
              <Text size="sm" fw={600} component="div">
                <TextLink to="/contacts/$contactId" params={{ contactId: contact.id }}>
                  {contact.name}
                </TextLink>
              </Text>
              <Text size="sm" c="dimmed">
                {[contact.job_title, contact.company?.name].filter(Boolean).join(" · ")}
                {contact.open_tickets.length > 0 &&
                  ` · ${t("pop.open_tickets", { n: contact.open_tickets.length })}`}
              </Text>
            </div>
            <Button
              size="xs"
              variant="light"
              loading={patch.isPending && patch.variables?.body.contact_id === contact.id}
              onClick={() => patch.mutate({ id: pop.call_id, body: { contact_id: contact.id } })}
              aria-label={t("pop.this_is_named", { name: contact.name })}
            >
              {t("pop.this_is")}
            </Button>
          </Group>
        </Paper>
      ))}
      <Text size="sm" c="dimmed">
        {t("pop.maybe_hint")}
      </Text>
    </Stack>
  );
}
