import { Paper, Table, Text, Title } from "@mantine/core";
import { IconPhoneIncoming, IconPhoneOutgoing } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Wall } from "@/api/types";
import { farName, farNumber } from "@/features/agent/who";
import { Clock } from "@/time/Clock";
import { Empty } from "@/ui/Loadable";
import { TextLink } from "@/ui/links";
import { CallStateMark } from "@/ui/states";
import classes from "./panels.module.css";

/** Every running call; the longest-running first, new ones below. */
export function CallsPanel({ wall }: { wall: Wall }) {
  const { t } = useTranslation();
  const queueName = (id: string | null | undefined) =>
    wall.queues.find((queue) => queue.id === id)?.name;
  const agentName = (id: string | null | undefined) =>
    wall.agents.find((agent) => agent.id === id)?.display_name;
  return (
    <Paper component="section" aria-labelledby="wall-calls" className={classes.panel}>
      <Title order={2} size="h5" id="wall-calls" p="md">
        {t("wall.calls", { n: wall.calls.length })}
      </Title>
      {wall.calls.length === 0 ? (
        <Empty title={t("wall.no_calls")} hint={t("wall.no_calls_hint")} />
      ) : (
        <Table aria-labelledby="wall-calls">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("wall.customer")}</Table.Th>
              <Table.Th>{t("wall.state")}</Table.Th>
              <Table.Th style={{ textAlign: "right" }}>{t("wall.for")}</Table.Th>
              <Table.Th className={classes.wide}>{t("wall.queue")}</Table.Th>
              <Table.Th className={classes.wide}>{t("wall.agent")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {wall.calls.map((call) => {
              const Icon = call.direction === "inbound" ? IconPhoneIncoming : IconPhoneOutgoing;
              return (
                <Table.Tr key={call.id}>
                  <Table.Td>
                    <div className={classes.who}>
                      <Icon
                        size={16}
                        stroke={1.7}
                        aria-label={t(`timeline.call_${call.direction}`)}
                      />
                      <div className={classes.name}>
                        <Text size="sm" fw={500} truncate component="div">
                          {call.contact ? (
                            <TextLink
                              to="/contacts/$contactId"
                              params={{ contactId: call.contact.id }}
                            >
                              {farName(call)}
                            </TextLink>
                          ) : (
                            farName(call)
                          )}
                        </Text>
                        <Text size="xs" c="dimmed" truncate>
                          {call.contact
                            ? (call.contact.company_name ?? farNumber(call))
                            : t("wall.unknown")}
                        </Text>
                      </div>
                    </div>
                  </Table.Td>
                  <Table.Td>
                    <CallStateMark state={call.state} />
                  </Table.Td>
                  <Table.Td ta="right">
                    <Clock since={call.state_since} />
                  </Table.Td>
                  <Table.Td className={classes.wide}>{queueName(call.queue_id) ?? "–"}</Table.Td>
                  <Table.Td className={classes.wide}>{agentName(call.agent_id) ?? "–"}</Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      )}
    </Paper>
  );
}
