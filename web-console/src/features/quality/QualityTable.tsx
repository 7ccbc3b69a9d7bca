import { Table, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Leg } from "@/api/types";
import { peerName } from "@/phone/peer";
import { CourseGraph } from "./CourseGraph";
import classes from "./QualityTable.module.css";
import { QualityWord } from "./QualityWord";

/** How each side of the call sounded, with the figures behind the word. */
export function QualityTable({ legs }: { legs: readonly Leg[] }) {
  const { t, i18n } = useTranslation();
  const figure = (value: number | null | undefined, unit: string, digits = 0) =>
    value == null
      ? "–"
      : `${value.toLocaleString(i18n.language, { maximumFractionDigits: digits })}${unit}`;
  const heard = legs.flatMap((leg) => (leg.quality ? [{ ...leg, quality: leg.quality }] : []));
  if (heard.length === 0) {
    return (
      <Text size="sm" c="dimmed" px="md" pb="md">
        {t("quality.none")}
      </Text>
    );
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1).
    <section className={classes.scroll} aria-labelledby="quality" tabIndex={0}>
      <Table aria-labelledby="quality" miw={640}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("call_page.side")}</Table.Th>
            <Table.Th>{t("quality.line")}</Table.Th>
            <Table.Th ta="right">{t("quality.lost")}</Table.Th>
            <Table.Th ta="right">{t("quality.jitter")}</Table.Th>
            <Table.Th ta="right">{t("quality.trip")}</Table.Th>
            <Table.Th ta="right">{t("quality.mos")}</Table.Th>
            <Table.Th>{t("quality.over_time")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {heard.map(({ id, role, peer, quality }) => (
            <Table.Tr key={id}>
              <Table.Td>
                <Text size="sm">{t(`call_page.role.${role}`, { defaultValue: role })}</Text>
                <Text size="xs" c="dimmed">
                  {peerName(t, peer)}
                </Text>
              </Table.Td>
              <Table.Td>
                {quality.quality ? <QualityWord quality={quality.quality} /> : "–"}
                <Text size="xs" c="dimmed">
                  {quality.codec ?? "–"}
                </Text>
              </Table.Td>
              <Ways
                heard={figure(quality.loss_pct, " %", 1)}
                there={quality.mos_at_remote != null && figure(quality.loss_at_remote_pct, " %", 1)}
              />
              <Ways
                heard={figure(quality.jitter_ms, " ms")}
                there={quality.mos_at_remote != null && figure(quality.jitter_at_remote_ms, " ms")}
              />
              <Table.Td ta="right">{figure(quality.rtt_ms, " ms")}</Table.Td>
              <Ways
                heard={figure(quality.mos, "", 1)}
                there={quality.mos_at_remote != null && figure(quality.mos_at_remote, "", 1)}
              />
              <Table.Td>
                <CourseGraph leg={quality} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Text size="xs" c="dimmed" p="md">
        {t("quality.about")}
      </Text>
    </section>
  );
}

/** What we heard of them, and below what they reported of us. */
function Ways({ heard, there }: { heard: string; there: string | false }) {
  const { t } = useTranslation();
  return (
    <Table.Td ta="right">
      <Text size="sm" className="tabular">
        {heard}
      </Text>
      {there && (
        <Text size="xs" c="dimmed" className="tabular">
          {t("quality.at_remote", { figure: there })}
        </Text>
      )}
    </Table.Td>
  );
}
