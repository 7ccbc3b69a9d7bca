import { Button, SegmentedControl, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Ticket, TicketStatus } from "@/api/types";
import { useMay } from "@/features/session/session";
import { When } from "@/time/When";
import type { Column } from "@/ui/DataTable";
import { ListPage } from "@/ui/ListPage";
import { TextLink } from "@/ui/links";
import { PageHead } from "@/ui/PageHead";
import { SearchField } from "@/ui/SearchField";
import { PriorityMark, TicketStatusMark } from "@/ui/states";
import { TicketDialog } from "./TicketDialog";
import { useTickets } from "./tickets";

export const TICKET_STATUSES: readonly TicketStatus[] = ["open", "pending", "solved", "closed"];

const route = getRouteApi("/tickets");

export function TicketsPage() {
  const { t } = useTranslation();
  const may = useMay();
  const { search, status } = route.useSearch();
  const navigate = route.useNavigate();
  const known = TICKET_STATUSES.find((each) => each === status);
  const query = useTickets({ search, status: known });
  const [creating, { open, close }] = useDisclosure(false);
  const columns = useMemo<Column<Ticket>[]>(
    () => [
      {
        id: "subject",
        header: t("ticket.subject"),
        cell: (ticket) => (
          <>
            <Text size="sm" fw={500} component="div">
              <TextLink to="/tickets/$ticketId" params={{ ticketId: ticket.id }}>
                #{ticket.number} {ticket.subject}
              </TextLink>
            </Text>
            <Text size="xs" c="dimmed">
              {[ticket.contact?.name, ticket.company?.name].filter(Boolean).join(" · ")}
            </Text>
          </>
        ),
      },
      {
        id: "status",
        header: t("ticket.status"),
        cell: ({ status }) => <TicketStatusMark status={status} />,
      },
      {
        id: "priority",
        header: t("ticket.priority"),
        from: "sm",
        cell: ({ priority }) => <PriorityMark priority={priority} />,
      },
      {
        id: "owner",
        header: t("ticket.owner"),
        from: "md",
        cell: ({ owner }) => owner?.display_name ?? "–",
      },
      {
        id: "updated",
        header: t("ticket.updated"),
        from: "sm",
        align: "right",
        cell: ({ updated_at }) => <When at={updated_at} />,
      },
    ],
    [t],
  );
  return (
    <>
      <PageHead title={t("nav.tickets")}>
        <SegmentedControl
          aria-label={t("ticket.status")}
          data={[
            { value: "", label: t("common.all") },
            ...TICKET_STATUSES.map((value) => ({ value, label: t(`states.ticket.${value}`) })),
          ]}
          value={known ?? ""}
          onChange={(next) =>
            void navigate({ search: { search, status: next || undefined }, replace: true })
          }
        />
        <SearchField
          label={t("tickets.search")}
          value={search}
          apply={(next) => void navigate({ search: { search: next, status }, replace: true })}
        />
        {may("edit_contacts") && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
            {t("tickets.new")}
          </Button>
        )}
      </PageHead>
      <ListPage label={t("nav.tickets")} query={query} columns={columns} />
      <TicketDialog opened={creating} close={close} />
    </>
  );
}
