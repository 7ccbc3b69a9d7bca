import { Paper } from "@mantine/core";
import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { rowsOf } from "@/api/pages";
import type { Page } from "@/api/types";
import { type Column, DataTable } from "./DataTable";
import { Empty, Failed, Waiting } from "./Loadable";

interface Props<T> {
  label: string;
  query: UseInfiniteQueryResult<InfiniteData<Page<T>>>;
  columns: readonly Column<T>[];
  empty?: { title: string; hint?: string };
}

/** A paged list in its three faces: waiting, nothing, rows. */
export function ListPage<T extends { id: string }>({ label, query, columns, empty }: Props<T>) {
  const { t } = useTranslation();
  if (query.isError && !query.data)
    return <Failed error={query.error} retry={() => void query.refetch()} />;
  if (!query.data) return <Waiting />;
  const rows = rowsOf(query.data);
  if (rows.length === 0) {
    return (
      <Paper>
        <Empty
          title={empty?.title ?? t("common.nothing_found")}
          hint={empty ? empty.hint : t("common.nothing_found_hint")}
        />
      </Paper>
    );
  }
  return (
    <DataTable
      label={label}
      columns={columns}
      rows={rows}
      rowId={(row) => row.id}
      hasMore={query.hasNextPage}
      loadMore={() => void query.fetchNextPage()}
      loading={query.isFetchingNextPage}
    />
  );
}
