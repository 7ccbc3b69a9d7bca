import { Button, Select, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Lead, LeadStatus } from "@/api/types";
import { useMay } from "@/features/session/session";
import { When } from "@/time/When";
import type { Column } from "@/ui/DataTable";
import { ListPage } from "@/ui/ListPage";
import { TextLink } from "@/ui/links";
import { PageHead } from "@/ui/PageHead";
import { SearchField } from "@/ui/SearchField";
import { LeadStatusMark } from "@/ui/states";
import { LeadDialog } from "./LeadDialog";
import { useLeads } from "./leads";

export const LEAD_STATUSES: readonly LeadStatus[] = [
  "new",
  "contacted",
  "qualified",
  "won",
  "lost",
];

const route = getRouteApi("/leads");

export function LeadsPage() {
  const { t } = useTranslation();
  const may = useMay();
  const { search, status } = route.useSearch();
  const navigate = route.useNavigate();
  const known = LEAD_STATUSES.find((each) => each === status);
  const query = useLeads({ search, status: known });
  const [creating, { open, close }] = useDisclosure(false);
  const columns = useMemo<Column<Lead>[]>(
    () => [
      {
        id: "title",
        header: t("lead.title"),
        cell: (lead) => (
          <>
            <Text size="sm" fw={500} component="div">
              <TextLink to="/leads/$leadId" params={{ leadId: lead.id }}>
                {lead.title}
              </TextLink>
            </Text>
            <Text size="xs" c="dimmed">
              {[lead.contact?.name, lead.company?.name].filter(Boolean).join(" · ")}
            </Text>
          </>
        ),
      },
      {
        id: "status",
        header: t("lead.status"),
        cell: ({ status }) => <LeadStatusMark status={status} />,
      },
      { id: "source", header: t("lead.source"), from: "md", cell: ({ source }) => source ?? "–" },
      {
        id: "owner",
        header: t("lead.owner"),
        from: "md",
        cell: ({ owner }) => owner?.display_name ?? "–",
      },
      {
        id: "created",
        header: t("lead.created"),
        from: "sm",
        align: "right",
        cell: ({ created_at }) => <When at={created_at} />,
      },
    ],
    [t],
  );
  return (
    <>
      <PageHead title={t("nav.leads")}>
        <Select
          aria-label={t("lead.status")}
          placeholder={t("leads.any_status")}
          w={170}
          clearable
          data={LEAD_STATUSES.map((value) => ({ value, label: t(`states.lead.${value}`) }))}
          value={known ?? null}
          onChange={(next) =>
            void navigate({ search: { search, status: next ?? undefined }, replace: true })
          }
        />
        <SearchField
          label={t("leads.search")}
          value={search}
          apply={(next) => void navigate({ search: { search: next, status }, replace: true })}
        />
        {may("edit_contacts") && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
            {t("leads.new")}
          </Button>
        )}
      </PageHead>
      <ListPage label={t("nav.leads")} query={query} columns={columns} />
      <LeadDialog opened={creating} close={close} />
    </>
  );
}
