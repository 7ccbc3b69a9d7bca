import { Group, Paper, SimpleGrid, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { QueueView } from "@/api/types";
import { Clock } from "@/time/Clock";
import { Shape, type ShapeName } from "@/ui/Shape";
import type { Tone } from "@/ui/tones";
import { Figure } from "./Figure";
import classes from "./QueueCards.module.css";

/** Each queue: who waits and how long, who is there to serve, how the day goes. */
export function QueueCards({ queues }: { queues: readonly QueueView[] }) {
  const { t } = useTranslation();
  return (
    <SimpleGrid
      cols={{ base: 1, sm: 2, lg: 3 }}
      spacing="md"
      component="section"
      aria-label={t("nav.queues")}
    >
      {queues.map((queue) => (
        <Paper key={queue.id} p="md" component="article" aria-label={queue.name}>
          <Group justify="space-between" align="flex-start" wrap="nowrap">
            <Title order={2} size="h4">
              {queue.name}
            </Title>
            <Text size="xs" c="dimmed" className="tabular" ta="right">
              {t("wall.today", {
                answered: queue.answered_today,
                abandoned: queue.abandoned_today,
              })}
            </Text>
          </Group>
          <Group gap="xl" mt="sm" mb="md" align="flex-end">
            <Figure
              label={t("wall.waiting")}
              hint={t("wall.waiting_means")}
              strong={queue.waiting > 0}
            >
              {queue.waiting}
            </Figure>
            <Figure
              label={t("wall.longest")}
              hint={t("wall.longest_means")}
              strong={queue.waiting > 0}
            >
              {queue.longest_wait_since ? <Clock since={queue.longest_wait_since} /> : "–"}
            </Figure>
          </Group>
          <Group gap="md" className={classes.agents}>
            <Count shape="disc" tone="good" n={queue.ready} word={t("states.agent.ready")} />
            <Count
              shape="triangle"
              tone="alert"
              n={queue.offered}
              word={t("states.agent.offered")}
            />
            <Count shape="square" tone="busy" n={queue.talking} word={t("states.agent.talking")} />
            <Count shape="half" tone="after" n={queue.wrap_up} word={t("states.agent.wrap_up")} />
            <Count shape="bar" tone="away" n={queue.not_ready} word={t("states.agent.not_ready")} />
          </Group>
        </Paper>
      ))}
    </SimpleGrid>
  );
}

function Count({
  shape,
  tone,
  n,
  word,
}: {
  shape: ShapeName;
  tone: Tone;
  n: number;
  word: string;
}) {
  return (
    <Group gap={6} wrap="nowrap">
      <Shape name={shape} tone={tone} />
      <Text size="sm" className="tabular" c={n === 0 ? "dimmed" : undefined}>
        <Text span fw={600}>
          {n}
        </Text>{" "}
        {word}
      </Text>
    </Group>
  );
}
