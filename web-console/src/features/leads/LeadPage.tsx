import { Paper, Select } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Lead, LeadStatus } from "@/api/types";
import { useMay } from "@/features/session/session";
import { When } from "@/time/When";
import { Facts } from "@/ui/Facts";
import { Loadable } from "@/ui/Loadable";
import { TextLink } from "@/ui/links";
import { PageHead } from "@/ui/PageHead";
import { LeadStatusMark } from "@/ui/states";
import { LEAD_STATUSES } from "./LeadsPage";
import { useLead, usePatchLead } from "./leads";

const route = getRouteApi("/leads/$leadId");

export function LeadPage() {
  const { leadId } = route.useParams();
  return <Loadable query={useLead(leadId)}>{(lead) => <LeadView lead={lead} />}</Loadable>;
}

function LeadView({ lead }: { lead: Lead }) {
  const { t } = useTranslation();
  const may = useMay();
  const patch = usePatchLead(lead.id);
  return (
    <>
      <PageHead title={lead.title} sub={<LeadStatusMark status={lead.status} />}>
        {may("edit_contacts") && (
          <Select
            w={190}
            aria-label={t("lead.status")}
            allowDeselect={false}
            data={LEAD_STATUSES.map((value) => ({ value, label: t(`states.lead.${value}`) }))}
            value={lead.status}
            onChange={(status) => status && patch.mutate({ status: status as LeadStatus })}
          />
        )}
      </PageHead>
      <Paper component="section" aria-label={t("lead.details")} maw={640}>
        <Facts
          facts={[
            [
              t("lead.contact"),
              lead.contact && (
                <TextLink key="c" to="/contacts/$contactId" params={{ contactId: lead.contact.id }}>
                  {lead.contact.name}
                </TextLink>
              ),
            ],
            [
              t("lead.company"),
              lead.company && (
                <TextLink
                  key="o"
                  to="/companies/$companyId"
                  params={{ companyId: lead.company.id }}
                >
                  {lead.company.name}
                </TextLink>
              ),
            ],
            [t("lead.source"), lead.source],
            [t("lead.owner"), lead.owner?.display_name],
            [t("lead.created"), <When key="at" at={lead.created_at} />],
          ]}
        />
      </Paper>
    </>
  );
}
