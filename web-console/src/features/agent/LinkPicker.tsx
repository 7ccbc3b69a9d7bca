import { Group, Select } from "@mantine/core";
import { IconTargetArrow, IconTicket } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { CallDetail, WrapUp } from "@/api/types";
import { usePatchCall } from "@/features/calls/calls";
import { useContactLeads } from "@/features/leads/leads";
import { useContactTickets } from "@/features/tickets/tickets";

interface Props {
  wrapUp: WrapUp;
  contactId: string | null;
  call: CallDetail | null;
}

/** Hangs the call on one of the contact's tickets or leads. */
export function LinkPicker({ wrapUp, contactId, call }: Props) {
  const { t } = useTranslation();
  const patch = usePatchCall();
  const tickets = useContactTickets(contactId).data?.items ?? [];
  const leads = useContactLeads(contactId).data?.items ?? [];
  if (contactId === null) return null;

  const ticketData = tickets.map((each) => ({
    value: each.id,
    label: `#${each.number} ${each.subject}`,
  }));
  const leadData = leads.map((each) => ({ value: each.id, label: each.title }));
  const linkedTicket = call?.ticket;
  if (linkedTicket && !ticketData.some((each) => each.value === linkedTicket.id)) {
    ticketData.push({
      value: linkedTicket.id,
      label: `#${linkedTicket.number} ${linkedTicket.subject}`,
    });
  }
  return (
    <Group grow align="flex-start">
      <Select
        label={t("wrap_up.ticket")}
        placeholder={ticketData.length > 0 ? t("wrap_up.choose") : t("wrap_up.no_tickets")}
        leftSection={<IconTicket size={16} aria-hidden />}
        data={ticketData}
        searchable
        clearable
        disabled={ticketData.length === 0}
        value={wrapUp.ticket_id ?? null}
        onChange={(ticket_id) => patch.mutate({ id: wrapUp.call_id, body: { ticket_id } })}
      />
      <Select
        label={t("wrap_up.lead")}
        placeholder={leadData.length > 0 ? t("wrap_up.choose") : t("wrap_up.no_leads")}
        leftSection={<IconTargetArrow size={16} aria-hidden />}
        data={leadData}
        searchable
        clearable
        disabled={leadData.length === 0}
        value={wrapUp.lead_id ?? null}
        onChange={(lead_id) => patch.mutate({ id: wrapUp.call_id, body: { lead_id } })}
      />
    </Group>
  );
}
