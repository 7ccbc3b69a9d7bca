import { ActionIcon, Button, Grid, Group, Menu } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { modals } from "@mantine/modals";
import { IconDots, IconPencil } from "@tabler/icons-react";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Contact } from "@/api/types";
import { DialButton } from "@/features/calls/DialButton";
import { HoldButton } from "@/features/holds/HoldButton";
import { LeadDialog } from "@/features/leads/LeadDialog";
import { useMay } from "@/features/session/session";
import { TicketDialog } from "@/features/tickets/TicketDialog";
import { useTopic } from "@/live/LiveProvider";
import { Loadable } from "@/ui/Loadable";
import { TextLink } from "@/ui/links";
import { PageHead } from "@/ui/PageHead";
import { ContactDetails } from "./ContactDetails";
import { ContactDialog } from "./ContactDialog";
import { useContact, useDeleteContact } from "./contacts";
import { Timeline } from "./Timeline";

const route = getRouteApi("/contacts/$contactId");

/** One customer: who they are, how to reach them, and everything that happened. */
export function ContactPage() {
  const { contactId } = route.useParams();
  useTopic(`contact:${contactId}`);
  return (
    <Loadable query={useContact(contactId)}>
      {(contact) => <ContactView contact={contact} />}
    </Loadable>
  );
}

function ContactView({ contact }: { contact: Contact }) {
  const { t } = useTranslation();
  const may = useMay();
  const [editing, edit] = useDisclosure(false);
  const [ticket, newTicket] = useDisclosure(false);
  const [lead, newLead] = useDisclosure(false);
  const phone = contact.phones[0];
  return (
    <>
      <PageHead
        title={contact.name}
        sub={
          <>
            {contact.job_title}
            {contact.job_title && contact.company && " · "}
            {contact.company && (
              <TextLink
                to="/companies/$companyId"
                params={{ companyId: contact.company.id }}
                underline="always"
              >
                {contact.company.name}
              </TextLink>
            )}
          </>
        }
      >
        {phone && <DialButton number={phone.e164} contactId={contact.id} />}
        <HoldButton held={{ kind: "contact", id: contact.id }} />
        {may("edit_contacts") && (
          <>
            <Button
              variant="default"
              leftSection={<IconPencil size={16} aria-hidden />}
              onClick={edit.open}
            >
              {t("common.edit")}
            </Button>
            <MoreMenu contact={contact} newTicket={newTicket.open} newLead={newLead.open} />
          </>
        )}
      </PageHead>
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 4 }}>
          <ContactDetails contact={contact} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Timeline contactId={contact.id} />
        </Grid.Col>
      </Grid>
      <ContactDialog opened={editing} close={edit.close} contact={contact} />
      <TicketDialog opened={ticket} close={newTicket.close} contact={contact} />
      <LeadDialog opened={lead} close={newLead.close} contact={contact} />
    </>
  );
}

function MoreMenu({
  contact,
  newTicket,
  newLead,
}: {
  contact: Contact;
  newTicket: () => void;
  newLead: () => void;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const remove = useDeleteContact(contact.id);
  const ask = () =>
    modals.openConfirmModal({
      title: t("contact.delete_title", { name: contact.name }),
      children: t("contact.delete_hint"),
      labels: { confirm: t("common.delete"), cancel: t("common.cancel") },
      confirmProps: { color: "#b3261e" },
      onConfirm: () =>
        remove.mutate(undefined, { onSuccess: () => void navigate({ to: "/contacts" }) }),
    });
  return (
    <Group gap={0}>
      <Menu>
        <Menu.Target>
          <ActionIcon variant="default" aria-label={t("contact.more")}>
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={newTicket}>{t("tickets.new")}</Menu.Item>
          <Menu.Item onClick={newLead}>{t("leads.new")}</Menu.Item>
          <Menu.Divider />
          <Menu.Item c="var(--mantine-color-error)" onClick={ask}>
            {t("common.delete")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}
