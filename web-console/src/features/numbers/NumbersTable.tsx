import { ActionIcon, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { IconTrash } from "@tabler/icons-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { rowsOf } from "@/api/pages";
import type { Route, RouteTarget } from "@/api/types";
import { useQueues } from "@/features/queues/queues";
import { useUsers } from "@/features/users/users";
import { displayNumber } from "@/phone/format";
import { type Column, DataTable } from "@/ui/DataTable";
import { useDeleteRoute } from "./numbers";

/** The numbers in the order in which they are tried. */
export function NumbersTable({ routes }: { routes: readonly Route[] }) {
  const { t } = useTranslation();
  const { mutate: remove } = useDeleteRoute();
  const columns = useMemo<Column<Route>[]>(() => {
    const ask = ({ id, pattern }: Route) =>
      modals.openConfirmModal({
        title: t("numbers.remove_title", { pattern: displayNumber(pattern) }),
        children: <Text size="sm">{t("numbers.remove_hint")}</Text>,
        labels: { confirm: t("common.remove"), cancel: t("common.cancel") },
        confirmProps: { color: "#b3261e" },
        closeButtonProps: { "aria-label": t("common.close") },
        onConfirm: () => remove(id),
      });
    return [
      {
        id: "pattern",
        header: t("numbers.pattern"),
        cell: ({ pattern, label }) => (
          <>
            <Text size="sm" fw={500} className="tabular">
              {displayNumber(pattern)}
            </Text>
            <Text size="xs" c="dimmed">
              {label}
            </Text>
          </>
        ),
      },
      {
        id: "target",
        header: t("numbers.leads_to"),
        cell: ({ target }) => <Target target={target} />,
      },
      {
        id: "position",
        header: t("numbers.position"),
        from: "sm",
        align: "right",
        width: 100,
        cell: ({ position }) => position,
      },
      {
        id: "remove",
        header: "",
        align: "right",
        width: 60,
        cell: (route) => (
          <ActionIcon
            aria-label={t("numbers.remove_of", { pattern: displayNumber(route.pattern) })}
            onClick={() => ask(route)}
          >
            <IconTrash size={18} aria-hidden />
          </ActionIcon>
        ),
      },
    ];
  }, [t, remove]);
  return (
    <DataTable label={t("nav.numbers")} columns={columns} rows={routes} rowId={({ id }) => id} />
  );
}

/** Where a number leads, by name, with what kind of place that is. */
function Target({ target }: { target: RouteTarget }) {
  const { t } = useTranslation();
  return (
    <>
      <Text size="sm">
        <TargetName target={target} />
      </Text>
      <Text size="xs" c="dimmed">
        {t(`numbers.kinds.${target.kind}`)}
      </Text>
    </>
  );
}

function TargetName({ target }: { target: RouteTarget }) {
  const { t } = useTranslation();
  const queues = useQueues().data;
  const users = useUsers().data;
  switch (target.kind) {
    case "queue":
      return named(queues?.find(({ id }) => id === target.queue_id)?.name, queues);
    case "user":
      return named(rowsOf(users).find(({ id }) => id === target.user_id)?.display_name, users);
    case "external":
      return displayNumber(target.number);
  }
  /** A name that is missing once all names are there belongs to what has been removed. */
  function named(name: string | undefined, all: unknown) {
    return name ?? (all === undefined ? "…" : t("numbers.gone"));
  }
}
