import { Button, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useSession } from "@/features/session/session";
import { displayNumber } from "@/phone/format";
import { Clock } from "@/time/Clock";
import { PlainList } from "@/ui/PlainList";
import { useTakeRinging } from "./control";
import { useTeam } from "./team";

/**
 * Customers whose call rings at a colleague's phone, for who may take it: a queue's call for those who serve the
 * queue. Nothing is shown while there are none.
 */
export function RingingCalls({ free, queues }: { free: boolean; queues: readonly string[] }) {
  const { t } = useTranslation();
  const me = useSession().user.id;
  const team = useTeam();
  const take = useTakeRinging();
  const ringing = (team?.ringing ?? []).filter(
    ({ agent_id, queue_id }) => agent_id !== me && (!queue_id || queues.includes(queue_id)),
  );
  if (!team || ringing.length === 0) return null;
  const nameOf = (id: string) =>
    team.colleagues.find((colleague) => colleague.id === id)?.display_name ?? "";
  return (
    <Paper component="section" aria-labelledby="ringing-calls" p="md">
      <Stack gap="sm">
        <Title order={2} size="h6" id="ringing-calls">
          {t("control.ringing_calls", { n: ringing.length })}
        </Title>
        <PlainList>
          {ringing.map(({ call_id, since, number, contact, agent_id }) => {
            const who = contact?.name ?? displayNumber(number);
            return (
              <Group component="li" key={call_id} justify="space-between" wrap="nowrap" gap="xs">
                <div style={{ minWidth: 0 }}>
                  <Text size="sm" fw={500} truncate>
                    {who}
                  </Text>
                  <Text size="xs" c="dimmed" component="div" truncate>
                    <Clock since={since} /> {t("control.rings_at", { whose: nameOf(agent_id) })}
                  </Text>
                </div>
                <Button
                  size="xs"
                  variant="light"
                  disabled={!free}
                  loading={take.isPending && take.variables === call_id}
                  aria-label={t("control.take_ringing", { who })}
                  onClick={() => take.mutate(call_id)}
                >
                  {t("control.take")}
                </Button>
              </Group>
            );
          })}
        </PlainList>
      </Stack>
    </Paper>
  );
}
