import { Grid, Group, Paper, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { AgentState } from "@/api/types";
import { ParkedCalls } from "@/features/callcontrol/ParkedCalls";
import { PickUpButton } from "@/features/callcontrol/PickUpButton";
import { RingingCalls } from "@/features/callcontrol/RingingCalls";
import { TestCallButton } from "@/features/testcall/TestCallButton";
import { Empty, Waiting } from "@/ui/Loadable";
import { PageHead } from "@/ui/PageHead";
import { useMyAgent } from "./agent";
import { CurrentCall } from "./CurrentCall";
import classes from "./DeskPage.module.css";
import { MyRecentCalls } from "./MyRecentCalls";
import { StateBar } from "./StateBar";
import { WrapUpPanel } from "./WrapUpPanel";

/** In these states one can be rung for a call of a colleague. */
const FREE = new Set<AgentState>(["ready", "not_ready"]);

/** Where an agent spends the day: my state, the call, what comes after it. */
export function DeskPage() {
  const { t } = useTranslation();
  const mine = useMyAgent();
  return (
    <>
      <PageHead title={t("nav.desk")} />
      {mine === undefined ? (
        <Waiting />
      ) : (
        <Stack gap="md">
          <div className={mine.current || mine.wrap_up ? classes.second : undefined}>
            <StateBar mine={mine} />
          </div>
          <Grid gap="md">
            <Grid.Col span={{ base: 12, lg: 8 }}>
              {mine.current ? (
                <CurrentCall mine={mine} call={mine.current} />
              ) : mine.wrap_up ? (
                <WrapUpPanel wrapUp={mine.wrap_up} />
              ) : (
                <Paper>
                  <Empty
                    title={t(mine.agent.state === "ready" ? "desk.waiting" : "desk.no_call")}
                    hint={t(
                      mine.agent.state === "ready" ? "desk.waiting_hint" : "desk.no_call_hint",
                    )}
                  >
                    <Group gap="xs" justify="center">
                      <TestCallButton variant="light" />
                      {mine.agent.state !== "logged_out" && <PickUpButton />}
                    </Group>
                  </Empty>
                </Paper>
              )}
            </Grid.Col>
            <Grid.Col span={{ base: 12, lg: 4 }}>
              <Stack gap="md">
                <RingingCalls
                  free={FREE.has(mine.agent.state)}
                  queues={mine.queues.map(({ id }) => id)}
                />
                <ParkedCalls free={FREE.has(mine.agent.state)} />
                <MyRecentCalls queues={mine.queues} />
              </Stack>
            </Grid.Col>
          </Grid>
        </Stack>
      )}
    </>
  );
}
