import { Group, Paper, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { MyAgent } from "@/api/types";
import { PhoneMark } from "@/features/phone/PhoneMark";
import { Clock } from "@/time/Clock";
import { AgentStateMark } from "@/ui/states";
import { PhoneChooser } from "./PhoneChooser";
import { useReasonText } from "./reason";
import { StateControls } from "./StateControls";

/** Who I am to the queue right now, since when, and the keys to change it. */
export function StateBar({ mine }: { mine: MyAgent }) {
  const { t } = useTranslation();
  const reasonText = useReasonText();
  const { agent } = mine;
  return (
    <Paper p="md" component="section" aria-label={t("agent.my_state")}>
      <Group justify="space-between" gap="md">
        <Group gap="lg">
          <Stack gap={2}>
            <AgentStateMark state={agent.state} size="lg" />
            <Text size="sm" c="dimmed">
              {agent.reason ? reasonText(agent.reason) : t(`agent.hint.${agent.state}`)}
            </Text>
          </Stack>
          {/* During a call the call's own clock is the one that counts. */}
          {!mine.current && !mine.wrap_up && <Clock since={agent.since} fz={28} fw={500} />}
          {agent.pending && (
            <Text size="sm">{t("agent.then", { state: t(`states.agent.${agent.pending}`) })}</Text>
          )}
        </Group>
        <Group gap="md" align="flex-end">
          <Stack gap={4}>
            <PhoneMark />
            <PhoneChooser mine={mine} />
          </Stack>
          <StateControls agent={agent} />
        </Group>
      </Group>
    </Paper>
  );
}
