import { Paper, Table, Text, Title } from "@mantine/core";
import { IconPhoneOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Wall } from "@/api/types";
import { useReasonText } from "@/features/agent/reason";
import { useMay } from "@/features/session/session";
import { Clock } from "@/time/Clock";
import { AgentStateMark } from "@/ui/states";
import { ForceStateMenu } from "./ForceStateMenu";
import classes from "./panels.module.css";
import { sortAgents } from "./wall";

/** Every agent in one state each, by word and shape, since when. */
export function AgentsPanel({ wall }: { wall: Wall }) {
  const { t } = useTranslation();
  const may = useMay();
  const reasonText = useReasonText();
  const names = new Map(wall.queues.map((queue) => [queue.id, queue.name]));
  const mayForce = may("set_agent_state");
  return (
    <Paper component="section" aria-labelledby="wall-agents" className={classes.panel}>
      <Title order={2} size="h5" id="wall-agents" p="md">
        {t("wall.agents", {
          n: wall.agents.filter((agent) => agent.state !== "logged_out").length,
        })}
      </Title>
      <Table aria-labelledby="wall-agents">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("wall.agent")}</Table.Th>
            <Table.Th>{t("wall.state")}</Table.Th>
            <Table.Th style={{ textAlign: "right" }}>{t("wall.for")}</Table.Th>
            {mayForce && (
              <Table.Th w={40}>
                <span className="visually-hidden">{t("wall.set_state")}</span>
              </Table.Th>
            )}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {sortAgents(wall.agents).map((agent) => (
            <Table.Tr key={agent.id}>
              <Table.Td>
                <Text size="sm" fw={500}>
                  {agent.display_name}
                </Text>
                <Text size="xs" c="dimmed">
                  {agent.queues
                    .map((id) => names.get(id))
                    .filter(Boolean)
                    .join(", ") || t("desk.no_queues_short")}
                </Text>
                {agent.state !== "logged_out" && !agent.phone_reachable && (
                  <Text size="xs" style={{ color: "var(--tone-away)" }}>
                    <IconPhoneOff size={12} aria-hidden /> {t("wall.phone_gone")}
                  </Text>
                )}
              </Table.Td>
              <Table.Td>
                <AgentStateMark state={agent.state} />
                <Text size="xs" c="dimmed">
                  {agent.reason && agent.state === "not_ready" ? reasonText(agent.reason) : null}
                  {agent.pending && t("agent.then", { state: t(`states.agent.${agent.pending}`) })}
                </Text>
              </Table.Td>
              <Table.Td ta="right">
                <Clock since={agent.since} />
              </Table.Td>
              {mayForce && (
                <Table.Td>
                  <ForceStateMenu agent={agent} />
                </Table.Td>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}
