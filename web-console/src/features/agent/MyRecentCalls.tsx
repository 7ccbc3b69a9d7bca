import { Badge, Divider, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { MyAgent } from "@/api/types";
import { CallLine } from "@/features/calls/CallLine";
import { useCalls } from "@/features/calls/calls";
import { useSession } from "@/features/session/session";
import { useTopic } from "@/live/LiveProvider";
import { TextLink } from "@/ui/links";

/** Enough to find the call one just had; the log has the rest. */
const SHOWN_CALLS = 8;

/** Beside the desk: the queues I serve and my last calls. */
export function MyRecentCalls({ queues }: { queues: MyAgent["queues"] }) {
  const { t } = useTranslation();
  const { user } = useSession();
  useTopic("calls");
  const calls = useCalls({ agent_id: user.id, limit: SHOWN_CALLS });
  const items = calls.data?.pages[0]?.items ?? [];
  return (
    <Paper component="aside" aria-label={t("desk.side")}>
      <Stack p="md" gap="xs">
        <Title order={2} size="h6">
          {t("desk.my_queues")}
        </Title>
        <Group gap={6}>
          {queues.map((queue) => (
            <Badge key={queue.id} variant="light" color="petrol" tt="none" size="lg" fw={500}>
              {queue.name}
            </Badge>
          ))}
          {queues.length === 0 && (
            <Text size="sm" c="dimmed">
              {t("desk.no_queues")}
            </Text>
          )}
        </Group>
      </Stack>
      <Divider />
      <Stack p="md" gap="sm">
        <Group justify="space-between">
          <Title order={2} size="h6">
            {t("desk.my_calls")}
          </Title>
          <Text size="sm">
            <TextLink to="/calls">{t("desk.all_calls")}</TextLink>
          </Text>
        </Group>
        {calls.isSuccess && items.length === 0 && (
          <Text size="sm" c="dimmed">
            {t("desk.no_calls_yet")}
          </Text>
        )}
        {items.map((call) => (
          <CallLine key={call.id} call={call} />
        ))}
      </Stack>
    </Paper>
  );
}
