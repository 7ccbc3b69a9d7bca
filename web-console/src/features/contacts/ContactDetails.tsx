import { Anchor, Divider, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Contact } from "@/api/types";
import { DialButton } from "@/features/calls/DialButton";
import { useContactLeads } from "@/features/leads/leads";
import { useContactTickets } from "@/features/tickets/tickets";
import { languageName } from "@/i18n/names";
import { When } from "@/time/When";
import { Facts } from "@/ui/Facts";
import { TextLink } from "@/ui/links";
import { PlainList } from "@/ui/PlainList";
import { LeadStatusMark, TicketStatusMark } from "@/ui/states";

/** The left column: numbers to press, facts, and what is open. */
export function ContactDetails({ contact }: { contact: Contact }) {
  const { t, i18n } = useTranslation();
  const tickets = useContactTickets(contact.id).data?.items ?? [];
  const leads = useContactLeads(contact.id).data?.items ?? [];
  return (
    <Paper component="section" aria-label={t("contact.details")}>
      <Stack p="md" gap="xs">
        {contact.phones.map((phone) => (
          <Group key={phone.e164} justify="space-between" wrap="nowrap">
            <div>
              <Text fw={500} className="tabular">
                {phone.display}
              </Text>
              <Text size="xs" c="dimmed">
                {t(`contact.kind.${phone.kind}`, { defaultValue: phone.kind })}
              </Text>
            </div>
            <DialButton compact number={phone.e164} contactId={contact.id} />
          </Group>
        ))}
        {contact.phones.length === 0 && (
          <Text size="sm" c="dimmed">
            {t("contact.no_phones")}
          </Text>
        )}
        {contact.emails.map(({ address: email }) => (
          <Anchor
            key={email}
            href={`mailto:${email}`}
            size="sm"
            style={{ overflowWrap: "anywhere" }}
          >
            {email}
          </Anchor>
        ))}
      </Stack>
      <Divider />
      <Facts
        facts={[
          [
            t("contact.language"),
            contact.language && languageName(contact.language, i18n.language),
          ],
          [t("contact.time_zone"), contact.time_zone],
          [t("contact.owner"), contact.owner?.display_name],
          [t("contact.since"), <When key="since" at={contact.created_at} />],
        ]}
      />
      {contact.notes && (
        <>
          <Divider />
          <Text p="md" size="sm" style={{ whiteSpace: "pre-wrap" }}>
            {contact.notes}
          </Text>
        </>
      )}
      <Divider />
      <Stack p="md" gap="xs">
        <Title order={2} size="h6">
          {t("nav.tickets")}
        </Title>
        {tickets.length === 0 && (
          <Text size="sm" c="dimmed">
            {t("tickets.none")}
          </Text>
        )}
        <PlainList>
          {tickets.map((ticket) => (
            <li key={ticket.id}>
              <Group gap="xs" wrap="nowrap" justify="space-between">
                <TextLink to="/tickets/$ticketId" params={{ ticketId: ticket.id }} truncate>
                  #{ticket.number} {ticket.subject}
                </TextLink>
                <TicketStatusMark status={ticket.status} size="xs" />
              </Group>
            </li>
          ))}
        </PlainList>
        {leads.length > 0 && (
          <>
            <Title order={2} size="h6" mt="xs">
              {t("nav.leads")}
            </Title>
            <PlainList>
              {leads.map((lead) => (
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
      </Stack>
    </Paper>
  );
}
