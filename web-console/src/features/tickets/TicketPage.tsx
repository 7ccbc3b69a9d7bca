import { Grid, Paper, Select, Stack, Text } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Ticket, TicketPriority, TicketStatus } from "@/api/types";
import { useMay } from "@/features/session/session";
import { When } from "@/time/When";
import { EditableText } from "@/ui/EditableText";
import { Facts } from "@/ui/Facts";
import { Loadable } from "@/ui/Loadable";
import { TextLink } from "@/ui/links";
import { PageHead } from "@/ui/PageHead";
import { PriorityMark, TicketStatusMark } from "@/ui/states";
import { PRIORITIES } from "./TicketDialog";
import { TICKET_STATUSES } from "./TicketsPage";
import { usePatchTicket, useTicket } from "./tickets";

const route = getRouteApi("/tickets/$ticketId");

export function TicketPage() {
  const { ticketId } = route.useParams();
  return (
    <Loadable query={useTicket(ticketId)}>{(ticket) => <TicketView ticket={ticket} />}</Loadable>
  );
}

function TicketView({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation();
  const may = useMay();
  const patch = usePatchTicket(ticket.id);
  const editable = may("edit_contacts");
  return (
    <>
      <PageHead
        title={`#${ticket.number} ${ticket.subject}`}
        sub={<TicketStatusMark status={ticket.status} />}
      />
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Paper p="md" component="section" aria-label={t("ticket.description")}>
            <EditableText
              label={t("ticket.description")}
              value={ticket.description ?? ""}
              empty={t("ticket.no_description")}
              editable={editable}
              save={(description) => patch.mutateAsync({ description })}
            />
          </Paper>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Paper component="section" aria-label={t("ticket.details")}>
            {editable && (
              <Stack p="md" pb={0} gap="sm">
                <Select
                  label={t("ticket.status")}
                  allowDeselect={false}
                  data={TICKET_STATUSES.map((value) => ({
                    value,
                    label: t(`states.ticket.${value}`),
                  }))}
                  value={ticket.status}
                  onChange={(status) => status && patch.mutate({ status: status as TicketStatus })}
                />
                <Select
                  label={t("ticket.priority")}
                  allowDeselect={false}
                  data={PRIORITIES.map((value) => ({
                    value,
                    label: t(`states.priority.${value}`),
                  }))}
                  value={ticket.priority}
                  onChange={(priority) =>
                    priority && patch.mutate({ priority: priority as TicketPriority })
                  }
                />
              </Stack>
            )}
            <Facts
              facts={[
                [
                  t("ticket.priority"),
                  editable ? null : <PriorityMark key="p" priority={ticket.priority} />,
                ],
                [
                  t("ticket.contact"),
                  ticket.contact && (
                    <TextLink
                      key="c"
                      to="/contacts/$contactId"
                      params={{ contactId: ticket.contact.id }}
                    >
                      {ticket.contact.name}
                    </TextLink>
                  ),
                ],
                [
                  t("ticket.company"),
                  ticket.company && (
                    <TextLink
                      key="o"
                      to="/companies/$companyId"
                      params={{ companyId: ticket.company.id }}
                    >
                      {ticket.company.name}
                    </TextLink>
                  ),
                ],
                [t("ticket.kind"), ticket.kind],
                [t("ticket.owner"), ticket.owner?.display_name],
                [t("ticket.created"), <When key="at" at={ticket.created_at} />],
                [t("ticket.updated"), <When key="up" at={ticket.updated_at} />],
              ]}
            />
            {patch.isPending && (
              <Text size="xs" c="dimmed" px="md" pb="md" role="status">
                {t("wrap_up.saving")}
              </Text>
            )}
          </Paper>
        </Grid.Col>
      </Grid>
    </>
  );
}
