import { Button, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconUserPlus } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { ContactSummary } from "@/api/types";
import { DialButton } from "@/features/calls/DialButton";
import { useMay } from "@/features/session/session";
import { When } from "@/time/When";
import type { Column } from "@/ui/DataTable";
import { ListPage } from "@/ui/ListPage";
import { TextLink } from "@/ui/links";
import { PageHead } from "@/ui/PageHead";
import { SearchField } from "@/ui/SearchField";
import { ContactDialog } from "./ContactDialog";
import { useContacts } from "./contacts";

const route = getRouteApi("/contacts");

export function useContactColumns(): Column<ContactSummary>[] {
  const { t } = useTranslation();
  return useMemo(
    () => [
      {
        id: "name",
        header: t("contact.name"),
        cell: (contact) => (
          <>
            <Text size="sm" fw={500} component="div">
              <TextLink to="/contacts/$contactId" params={{ contactId: contact.id }}>
                {contact.name}
              </TextLink>
            </Text>
            <Text size="xs" c="dimmed">
              {[contact.job_title, contact.company?.name].filter(Boolean).join(" · ")}
            </Text>
          </>
        ),
      },
      {
        id: "phone",
        header: t("contact.phone"),
        cell: ({ id, phones: [phone] }) =>
          phone ? (
            <Group gap={6} wrap="nowrap">
              <DialButton compact number={phone.e164} contactId={id} />
              <span style={{ whiteSpace: "nowrap" }}>{phone.display}</span>
            </Group>
          ) : (
            "–"
          ),
      },
      {
        id: "email",
        header: t("contact.email"),
        from: "lg",
        cell: ({ emails }) => emails[0]?.address ?? "–",
      },
      {
        id: "tickets",
        header: t("contact.open_tickets"),
        from: "md",
        align: "right",
        cell: ({ open_tickets }) => open_tickets || "–",
      },
      {
        id: "last",
        header: t("contact.last_interaction"),
        from: "sm",
        align: "right",
        cell: ({ last_interaction_at }) =>
          last_interaction_at ? <When at={last_interaction_at} /> : "–",
      },
    ],
    [t],
  );
}

/** Everybody we know; found by any spelling of a name or number. */
export function ContactsPage() {
  const { t } = useTranslation();
  const may = useMay();
  const { search } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useContacts({ search });
  const columns = useContactColumns();
  const [creating, { open, close }] = useDisclosure(false);
  return (
    <>
      <PageHead title={t("nav.contacts")}>
        <SearchField
          label={t("contacts.search")}
          value={search}
          apply={(next) => void navigate({ search: { search: next }, replace: true })}
        />
        {may("edit_contacts") && (
          <Button leftSection={<IconUserPlus size={16} aria-hidden />} onClick={open}>
            {t("contacts.new")}
          </Button>
        )}
      </PageHead>
      <ListPage label={t("nav.contacts")} query={query} columns={columns} />
      <ContactDialog opened={creating} close={close} />
    </>
  );
}
