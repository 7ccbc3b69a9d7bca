import { Group, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { PopContact } from "@/api/types";
import { languageName } from "@/i18n/names";
import { When } from "@/time/When";
import { ButtonLink, TextLink } from "@/ui/links";
import { PlainList } from "@/ui/PlainList";
import { LeadStatusMark, PriorityMark } from "@/ui/states";
import { TimelineLine } from "./TimelineLine";

interface Props {
  contact: PopContact;
  /** The name stands above already. */
  named: boolean;
}

/** Everything worth knowing in the two seconds before answering. */
export function PopContactView({ contact, named }: Props) {
  const { t, i18n } = useTranslation();
  const facts = [
    contact.job_title,
    contact.company?.name,
    contact.language
      ? t("pop.speaks", { language: languageName(contact.language, i18n.language) })
      : null,
  ].filter(Boolean);
  return (
    <Stack gap="md">
      <Group justify="space-between" gap="sm">
        <div>
          {!named && <Text fw={600}>{contact.name}</Text>}
          <Text size="sm" c="dimmed">
            {facts.join(" · ")}
          </Text>
        </div>
        <ButtonLink
          to="/contacts/$contactId"
          params={{ contactId: contact.id }}
          variant="default"
          size="xs"
          leftSection={<IconExternalLink size={15} aria-hidden />}
        >
          {t("pop.open_contact")}
        </ButtonLink>
      </Group>

      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <section>
          <Title order={3} size="h6" mb={6}>
            {t("pop.open_tickets", { n: contact.open_tickets.length })}
          </Title>
          {contact.open_tickets.length === 0 && <None>{t("pop.no_tickets")}</None>}
          <PlainList>
            {contact.open_tickets.map((ticket) => (
              <li key={ticket.id}>
                <Group gap="xs" wrap="nowrap" justify="space-between">
                  <TextLink to="/tickets/$ticketId" params={{ ticketId: ticket.id }} truncate>
                    #{ticket.number} {ticket.subject}
                  </TextLink>
                  <PriorityMark priority={ticket.priority} size="xs" />
                </Group>
              </li>
            ))}
          </PlainList>
          {contact.open_leads.length > 0 && (
            <>
              <Title order={3} size="h6" mb={6} mt="md">
                {t("pop.open_leads", { n: contact.open_leads.length })}
              </Title>
              <PlainList>
                {contact.open_leads.map((lead) => (
                  <li key={lead.id}>
                    <Group gap="xs" wrap="nowrap" justify="space-between">
                      <TextLink to="/leads/$leadId" params={{ leadId: lead.id }} truncate>
                        {lead.title}
                      </TextLink>
                      <LeadStatusMark status={lead.status} size="xs" />
                    </Group>
                  </li>
                ))}
              </PlainList>
            </>
          )}
        </section>
        <section>
          <Title order={3} size="h6" mb={6}>
            {t("pop.recent")}
          </Title>
          {contact.recent.length === 0 && <None>{t("pop.first_time")}</None>}
          <PlainList>
            {contact.recent.map((item) => (
              <li key={item.id}>
                <Group gap="xs" wrap="nowrap" align="baseline">
                  <Text span size="xs" c="dimmed" style={{ flex: "none" }}>
                    <When at={item.occurred_at} />
                  </Text>
                  <TimelineLine item={item} />
                </Group>
              </li>
            ))}
          </PlainList>
        </section>
      </SimpleGrid>
    </Stack>
  );
}

function None({ children }: { children: string }) {
  return (
    <Text size="sm" c="dimmed">
      {children}
    </Text>
  );
}
