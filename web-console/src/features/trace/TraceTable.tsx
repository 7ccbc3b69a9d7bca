import { Button, Table } from "@mantine/core";
import { Fragment, useState } from "react";
import { useTranslation } from "react-i18next";
import ladderClasses from "./Ladder.module.css";
import { type Party, type Step, seconds } from "./ladder";
import { MessageText } from "./MessageText";
import { usePartyName, useStepText } from "./words";

const COLUMNS = 5;

/** The ladder in words: for those who hear the page, and for those who copy from it. */
export function TraceTable({ parties, steps }: { parties: Party[]; steps: Step[] }) {
  const { t, i18n } = useTranslation();
  const name = usePartyName();
  const text = useStepText();
  const [opened, setOpened] = useState<number | null>(null);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1).
    <section className={ladderClasses.scroll} aria-label={t("trace.as_table")} tabIndex={0}>
      <Table aria-labelledby="trace" miw={560}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th ta="right">{t("trace.seconds")}</Table.Th>
            <Table.Th ta="right">{t("trace.after")}</Table.Th>
            <Table.Th>{t("trace.from")}</Table.Th>
            <Table.Th>{t("trace.to")}</Table.Th>
            <Table.Th>{t("trace.message")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {steps.map((step, n) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: messages have no other name, and none moves.
            <Fragment key={n}>
              <Table.Tr>
                <Table.Td ta="right" className="tabular">
                  {seconds(step.atMs, i18n.language)}
                </Table.Td>
                <Table.Td ta="right" className="tabular">
                  {seconds(step.deltaMs, i18n.language)}
                </Table.Td>
                <Table.Td>{name(parties[step.from])}</Table.Td>
                <Table.Td>{name(parties[step.to])}</Table.Td>
                <Table.Td>
                  <Button
                    size="compact-sm"
                    variant="subtle"
                    aria-expanded={opened === n}
                    onClick={() => setOpened(opened === n ? null : n)}
                  >
                    {text(step)}
                  </Button>
                </Table.Td>
              </Table.Tr>
              {opened === n && (
                <Table.Tr>
                  <Table.Td colSpan={COLUMNS} p={0}>
                    <MessageText message={step.message} />
                  </Table.Td>
                </Table.Tr>
              )}
            </Fragment>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}
