import { Button, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { displayNumber } from "@/phone/format";
import { Clock } from "@/time/Clock";
import { PlainList } from "@/ui/PlainList";
import { usePickUp } from "./control";
import { useTeam } from "./team";

/** Customers who wait for somebody to pick them up. Nothing is shown while there are none. */
export function ParkedCalls({ free }: { free: boolean }) {
  const { t } = useTranslation();
  const team = useTeam();
  const pickUp = usePickUp();
  if (!team || team.parked.length === 0) return null;
  const nameOf = (id: string | null | undefined) =>
    team.colleagues.find((colleague) => colleague.id === id)?.display_name;
  return (
    <Paper component="section" aria-labelledby="parked-calls" p="md">
      <Stack gap="sm">
        <Title order={2} size="h6" id="parked-calls">
          {t("control.parked_calls", { n: team.parked.length })}
        </Title>
        <PlainList>
          {team.parked.map(({ slot, since, number, contact, parked_by }) => {
            const who = contact?.name ?? displayNumber(number);
            const by = nameOf(parked_by);
            return (
              <Group component="li" key={slot} justify="space-between" wrap="nowrap" gap="xs">
                <div style={{ minWidth: 0 }}>
                  <Text size="sm" fw={500} truncate>
                    {slot} · {who}
                  </Text>
                  <Text size="xs" c="dimmed" component="div" truncate>
                    <Clock since={since} /> {by && t("control.parked_by", { by })}
                  </Text>
                </div>
                <Button
                  size="xs"
                  variant="light"
                  disabled={!free}
                  loading={pickUp.isPending && pickUp.variables === slot}
                  aria-label={t("control.take_slot", { slot, who })}
                  onClick={() => pickUp.mutate(slot)}
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
