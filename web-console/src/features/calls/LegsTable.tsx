import { Table, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Leg } from "@/api/types";
import { peerName } from "@/phone/peer";
import { clock } from "@/time/format";
import classes from "./LegsTable.module.css";

/** The call's sides as the signalling saw them: for those who ask why. */
export function LegsTable({ legs }: { legs: readonly Leg[] }) {
  const { t } = useTranslation();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1).
    <section className={classes.scroll} aria-labelledby="legs" tabIndex={0}>
      <Table aria-labelledby="legs" miw={520}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("call_page.side")}</Table.Th>
            <Table.Th>{t("call_page.peer")}</Table.Th>
            <Table.Th ta="right">{t("call_page.ring_time")}</Table.Th>
            <Table.Th ta="right">{t("calls.talk")}</Table.Th>
            <Table.Th>{t("call_page.end")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {legs.map((leg) => (
            <Table.Tr key={leg.id}>
              <Table.Td>{t(`call_page.role.${leg.role}`, { defaultValue: leg.role })}</Table.Td>
              <Table.Td>{peerName(t, leg.peer)}</Table.Td>
              <Table.Td ta="right">
                {between(leg.ringing_at ?? leg.started_at, leg.answered_at ?? leg.ended_at)}
              </Table.Td>
              <Table.Td ta="right">{between(leg.answered_at, leg.ended_at)}</Table.Td>
              <Table.Td>
                <Text size="sm">{leg.ended_by ? t(`leg_ended_by.${leg.ended_by}`) : "–"}</Text>
                {leg.code != null && (
                  <Text size="xs" c="dimmed">
                    {leg.code} {leg.reason}
                  </Text>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}

function between(from: string | null | undefined, to: string | null | undefined): string {
  return from && to ? clock(Date.parse(to) - Date.parse(from)) : "–";
}
