import { Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Company } from "@/api/types";
import { useMay } from "@/features/session/session";
import { countryName } from "@/i18n/names";
import { displayNumber } from "@/phone/format";
import type { Column } from "@/ui/DataTable";
import { ListPage } from "@/ui/ListPage";
import { TextLink } from "@/ui/links";
import { PageHead } from "@/ui/PageHead";
import { SearchField } from "@/ui/SearchField";
import { CompanyDialog } from "./CompanyDialog";
import { useCompanies } from "./companies";

const route = getRouteApi("/companies");

export function CompaniesPage() {
  const { t, i18n } = useTranslation();
  const may = useMay();
  const { search } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useCompanies({ search });
  const [creating, { open, close }] = useDisclosure(false);
  const columns = useMemo<Column<Company>[]>(
    () => [
      {
        id: "name",
        header: t("company.name"),
        cell: (company) => (
          <>
            <Text size="sm" fw={500} component="div">
              <TextLink to="/companies/$companyId" params={{ companyId: company.id }}>
                {company.name}
              </TextLink>
            </Text>
            <Text size="xs" c="dimmed">
              {company.domain}
            </Text>
          </>
        ),
      },
      {
        id: "industry",
        header: t("company.industry"),
        from: "sm",
        cell: ({ industry }) => industry ?? "–",
      },
      {
        id: "country",
        header: t("company.country"),
        from: "sm",
        cell: ({ country }) => (country ? countryName(country, i18n.language) : "–"),
      },
      {
        id: "phone",
        header: t("company.phone"),
        from: "md",
        cell: ({ phone }) => (phone ? displayNumber(phone) : "–"),
      },
      {
        id: "contacts",
        header: t("nav.contacts"),
        align: "right",
        cell: ({ contacts_count }) => contacts_count,
      },
    ],
    [t, i18n.language],
  );
  return (
    <>
      <PageHead title={t("nav.companies")}>
        <SearchField
          label={t("companies.search")}
          value={search}
          apply={(next) => void navigate({ search: { search: next }, replace: true })}
        />
        {may("edit_contacts") && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
            {t("companies.new")}
          </Button>
        )}
      </PageHead>
      <ListPage label={t("nav.companies")} query={query} columns={columns} />
      <CompanyDialog opened={creating} close={close} />
    </>
  );
}
