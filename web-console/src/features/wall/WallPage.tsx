import { Grid, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Waiting } from "@/ui/Loadable";
import { PageHead } from "@/ui/PageHead";
import { AgentsPanel } from "./AgentsPanel";
import { CallsPanel } from "./CallsPanel";
import { QueueCards } from "./QueueCards";
import { useWall } from "./wall";

/** The floor as it moves: queues, calls, agents. */
export function WallPage() {
  const { t } = useTranslation();
  const wall = useWall();
  return (
    <>
      <PageHead title={t("nav.wall")} />
      {wall === undefined ? (
        <Waiting />
      ) : (
        <Stack gap="md">
          <QueueCards queues={wall.queues} />
          <Grid gap="md">
            <Grid.Col span={{ base: 12, lg: 7 }}>
              <CallsPanel wall={wall} />
            </Grid.Col>
            <Grid.Col span={{ base: 12, lg: 5 }}>
              <AgentsPanel wall={wall} />
            </Grid.Col>
          </Grid>
        </Stack>
      )}
    </>
  );
}
