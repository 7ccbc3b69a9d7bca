import { Button, Grid, Paper, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPencil } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Company } from "@/api/types";
import { useContactColumns } from "@/features/contacts/ContactsPage";
import { useMay } from "@/features/session/session";
import { countryName } from "@/i18n/names";
import { displayNumber } from "@/phone/format";
import { Facts } from "@/ui/Facts";
import { ListPage } from "@/ui/ListPage";
import { Loadable } from "@/ui/Loadable";
import { PageHead } from "@/ui/PageHead";
import { CompanyDialog } from "./CompanyDialog";
import { useCompany, useCompanyContacts } from "./companies";

const route = getRouteApi("/companies/$companyId");

export function CompanyPage() {
  const { companyId } = route.useParams();
  return (
    <Loadable query={useCompany(companyId)}>
      {(company) => <CompanyView company={company} />}
    </Loadable>
  );
}

function CompanyView({ company }: { company: Company }) {
  const { t, i18n } = useTranslation();
  const may = useMay();
  const [editing, edit] = useDisclosure(false);
  const contacts = useCompanyContacts(company.id);
  const columns = useContactColumns();
  return (
    <>
      <PageHead title={company.name} sub={company.domain}>
        {may("edit_contacts") && (
          <Button
            variant="default"
            leftSection={<IconPencil size={16} aria-hidden />}
            onClick={edit.open}
          >
            {t("common.edit")}
          </Button>
        )}
      </PageHead>
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Paper component="section" aria-label={t("company.details")}>
            <Facts
              facts={[
                [t("company.phone"), company.phone && displayNumber(company.phone)],
                [
                  t("company.country"),
                  company.country && countryName(company.country, i18n.language),
                ],
                [t("company.industry"), company.industry],
                [t("company.domain"), company.domain],
                [t("nav.contacts"), company.contacts_count],
              ]}
            />
          </Paper>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Title order={2} size="h5" mb="xs">
            {t("nav.contacts")}
          </Title>
          <ListPage
            label={t("nav.contacts")}
            query={contacts}
            columns={columns}
            empty={{ title: t("company.no_contacts") }}
          />
        </Grid.Col>
      </Grid>
      <CompanyDialog opened={editing} close={edit.close} company={company} />
    </>
  );
}
