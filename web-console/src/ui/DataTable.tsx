import { Center, Loader, Paper, Table } from "@mantine/core";
import { createColumnHelper, tableFeatures, useTable } from "@tanstack/react-table";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./DataTable.module.css";

/** A row's height before it has been measured. */
const ROW_PX = 48;
/** Rows drawn beyond the window, so that a quick scroll shows no gap. */
const OVERSCAN_ROWS = 12;
/** The next page is asked for when this many rows are left below. */
const AHEAD_ROWS = 20;

const features = tableFeatures({});

export interface Column<T> {
  id: string;
  header: string;
  cell: (row: T) => ReactNode;
  /** Shown from this width on; the first column repeats what matters on a phone. */
  from?: "sm" | "md" | "lg";
  align?: "right";
  width?: number | string;
}

interface Props<T> {
  label: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  rowId: (row: T) => string;
  hasMore?: boolean;
  loadMore?: () => void;
  loading?: boolean;
}

/** A long list: only what is in the window is drawn, the next page comes by scrolling. */
export function DataTable<T extends object>({
  label,
  columns,
  rows,
  rowId,
  hasMore,
  loadMore,
  loading,
}: Props<T>) {
  const { t } = useTranslation();
  const defs = useMemo(() => {
    const helper = createColumnHelper<typeof features, T>();
    return columns.map((column) =>
      helper.display({
        id: column.id,
        header: column.header,
        cell: ({ row }) => column.cell(row.original),
      }),
    );
  }, [columns]);
  const table = useTable({ features, columns: defs, data: rows as T[], getRowId: rowId });
  const modelRows = table.getRowModel().rows;
  const looks = useMemo(() => new Map(columns.map((column) => [column.id, column])), [columns]);

  const frame = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    if (frame.current) setTop(frame.current.getBoundingClientRect().top + window.scrollY);
  }, []);
  const virtual = useWindowVirtualizer({
    count: modelRows.length,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN_ROWS,
    scrollMargin: top,
    getItemKey: (at) => modelRows[at]?.id ?? at,
  });
  const shown = virtual.getVirtualItems();
  const first = shown[0];
  const last = shown.at(-1);
  const lastIndex = last?.index ?? 0;
  useEffect(() => {
    if (hasMore && !loading && lastIndex >= modelRows.length - AHEAD_ROWS) loadMore?.();
  }, [hasMore, loading, lastIndex, modelRows.length, loadMore]);

  const before = first ? first.start - top : 0;
  const after = last ? virtual.getTotalSize() - (last.end - top) : 0;
  const look = (id: string) => {
    const column = looks.get(id);
    return {
      className: column?.from ? classes[column.from] : undefined,
      style: { textAlign: column?.align, width: column?.width },
    } as const;
  };
  return (
    <Paper ref={frame} className={classes.frame}>
      <Table
        aria-label={label}
        aria-rowcount={hasMore ? -1 : modelRows.length + 1}
        highlightOnHover
      >
        <Table.Thead>
          {table.getHeaderGroups().map((group) => (
            <Table.Tr key={group.id}>
              {group.headers.map((header) => (
                <Table.Th key={header.id} scope="col" {...look(header.column.id)}>
                  {looks.get(header.column.id)?.header}
                </Table.Th>
              ))}
            </Table.Tr>
          ))}
        </Table.Thead>
        <Table.Tbody>
          {before > 0 && <Filler height={before} />}
          {shown.map((item) => {
            const row = modelRows[item.index];
            if (row === undefined) return null;
            return (
              <Table.Tr
                key={row.id}
                data-index={item.index}
                ref={virtual.measureElement}
                aria-rowindex={item.index + 2}
              >
                {row.getAllCells().map((cell) => (
                  <Table.Td key={cell.id} {...look(cell.column.id)}>
                    {looks.get(cell.column.id)?.cell(row.original)}
                  </Table.Td>
                ))}
              </Table.Tr>
            );
          })}
          {after > 0 && <Filler height={after} />}
        </Table.Tbody>
      </Table>
      {loading && (
        <Center p="sm" role="status">
          <Loader size="xs" aria-hidden />
          <span className="visually-hidden">{t("common.loading")}</span>
        </Center>
      )}
    </Paper>
  );
}

/** Stands for the rows that are not drawn. */
function Filler({ height }: { height: number }) {
  return (
    <tr aria-hidden>
      <td style={{ height, padding: 0, border: 0 }} />
    </tr>
  );
}
