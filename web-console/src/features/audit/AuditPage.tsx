import { Text } from "@mantine/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { answer, api } from "@/api/client";
import { keys } from "@/api/keys";
import { usePages } from "@/api/pages";
import type { AuditEntry } from "@/api/types";
import { exactly } from "@/time/format";
import type { Column } from "@/ui/DataTable";
import { ListPage } from "@/ui/ListPage";
import { PageHead } from "@/ui/PageHead";

/** Who did what, when and from where; nobody can change it. */
export function AuditPage() {
  const { t, i18n } = useTranslation();
  const query = usePages<AuditEntry>(keys.audit, (cursor) =>
    answer(api.GET("/api/v1/audit", { params: { query: { cursor } } })),
  );
  const columns = useMemo<Column<AuditEntry>[]>(
    () => [
      {
        id: "at",
        header: t("audit.at"),
        cell: ({ at }) => <time dateTime={at}>{exactly(at, i18n.language)}</time>,
      },
      {
        id: "user",
        header: t("audit.user"),
        cell: ({ user }) => user?.display_name ?? t("audit.nobody"),
      },
      {
        id: "action",
        header: t("audit.action"),
        cell: ({ action }) => t(`audit.actions.${action}`, { defaultValue: action }),
      },
      {
        id: "subject",
        header: t("audit.subject"),
        from: "sm",
        cell: ({ subject_kind, subject_id }) => (
          <>
            <Text size="sm">
              {subject_kind
                ? t(`audit.kinds.${subject_kind}`, { defaultValue: subject_kind })
                : "–"}
            </Text>
            <Text size="xs" c="dimmed" ff="monospace">
              {subject_id}
            </Text>
          </>
        ),
      },
      { id: "ip", header: t("audit.ip"), from: "md", cell: ({ ip }) => ip ?? "–" },
    ],
    [t, i18n.language],
  );
  return (
    <>
      <PageHead title={t("nav.audit")} sub={t("audit.sub")} />
      <ListPage label={t("nav.audit")} query={query} columns={columns} />
    </>
  );
}
