import { Badge, Divider, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { LiveCall, MyAgent } from "@/api/types";
import { CallControls } from "@/features/callcontrol/CallControls";
import { CallSound } from "@/features/phone/CallSound";
import { LiveQuality } from "@/features/quality/LiveQuality";
import { Clock } from "@/time/Clock";
import { CallStateMark } from "@/ui/states";
import { CallButtons } from "./CallButtons";
import { CallNote } from "./CallNote";
import classes from "./CurrentCall.module.css";
import { ScreenPopView } from "./ScreenPopView";
import { farName, farNumber } from "./who";

/** The call that rings or talks: who it is first, then what can be done. */
export function CurrentCall({ mine, call }: { mine: MyAgent; call: LiveCall }) {
  const { t } = useTranslation();
  const queue = mine.queues.find((each) => each.id === call.queue_id);
  const ringing = mine.agent.state === "offered";
  return (
    <Paper
      className={classes.panel}
      data-ringing={ringing || undefined}
      component="section"
      aria-labelledby="current-call"
    >
      <Group justify="space-between" p="md" gap="sm">
        <Stack gap={2}>
          <Group gap="sm">
            <CallStateMark state={call.state} />
            <Clock since={call.answered_at ?? call.state_since} fz="md" fw={500} />
            {call.test && (
              <Badge variant="default" size="sm">
                {t("call.test")}
              </Badge>
            )}
          </Group>
          <Title order={2} size="h2" id="current-call">
            {farName(call)}
          </Title>
          <Text size="sm" c="dimmed" className="tabular">
            {[
              call.contact ? farNumber(call) : null,
              call.contact?.company_name,
              queue ? t("call.through_queue", { name: queue.name }) : null,
            ]
              .filter(Boolean)
              .join(" · ")}
          </Text>
        </Stack>
        <CallButtons mine={mine} size="md" />
      </Group>
      <Divider />
      <Stack p="md" gap="md">
        <CallSound />
        <LiveQuality mine={mine} call={call} />
        <CallControls mine={mine} call={call} />
        {mine.pop && mine.pop.call_id === call.id && (
          <ScreenPopView pop={mine.pop} chosen={call.contact ?? null} />
        )}
        {mine.agent.state === "talking" && <CallNote callId={call.id} />}
      </Stack>
    </Paper>
  );
}
