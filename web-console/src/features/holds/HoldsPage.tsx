import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Hold } from "@/api/types";
import { exactly } from "@/time/format";
import type { Column } from "@/ui/DataTable";
import { ListPage } from "@/ui/ListPage";
import { TextLink } from "@/ui/links";
import { PageHead } from "@/ui/PageHead";
import { useAllHolds } from "./holds";

/** Everything that no rule deletes. */
export function HoldsPage() {
  const { t, i18n } = useTranslation();
  const query = useAllHolds();
  const columns = useMemo<Column<Hold>[]>(
    () => [
      {
        id: "what",
        header: t("hold.what"),
        cell: ({ call_id, contact_id, contact_name }) =>
          contact_id ? (
            <TextLink to="/contacts/$contactId" params={{ contactId: contact_id }}>
              {contact_name}
            </TextLink>
          ) : (
            <TextLink to="/calls/$callId" params={{ callId: call_id ?? "" }}>
              {t("hold.of_recording")}
            </TextLink>
          ),
      },
      { id: "why", header: t("hold.why"), cell: ({ reason }) => reason },
      {
        id: "who",
        header: t("hold.who"),
        from: "sm",
        cell: ({ placed_by }) => placed_by.display_name,
      },
      {
        id: "since",
        header: t("hold.since"),
        from: "md",
        cell: ({ placed_at }) => (
          <time dateTime={placed_at}>{exactly(placed_at, i18n.language)}</time>
        ),
      },
    ],
    [t, i18n.language],
  );
  return (
    <>
      <PageHead title={t("nav.holds")} sub={t("hold.sub")} />
      <ListPage
        label={t("nav.holds")}
        query={query}
        columns={columns}
        empty={{ title: t("hold.none"), hint: t("hold.none_hint") }}
      />
    </>
  );
}
