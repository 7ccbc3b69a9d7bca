import { Group, Stack, Text } from "@mantine/core";
import { useRouterState } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { CallMute } from "@/features/phone/CallSound";
import { useMay } from "@/features/session/session";
import { Clock } from "@/time/Clock";
import { ButtonLink } from "@/ui/links";
import { AgentStateMark } from "@/ui/states";
import { useMyAgent } from "./agent";
import classes from "./CallBar.module.css";
import { CallButtons } from "./CallButtons";
import { farName } from "./who";

/** During a call and its wrap-up, on every page but the desk, which shows them in full. */
export function useCallBarShown(): boolean {
  const may = useMay();
  const onDesk = useRouterState({ select: (state) => state.location.pathname === "/desk" });
  const mine = useMyAgent();
  return may("handle_calls") && !onDesk && Boolean(mine?.current ?? mine?.wrap_up);
}

/** The running call at the foot of the page: who, how long, and the keys. */
export function CallBar() {
  const { t } = useTranslation();
  const mine = useMyAgent();
  if (!mine) return null;
  const { agent, current, wrap_up } = mine;
  return (
    <Group
      h="100%"
      px="md"
      justify="space-between"
      wrap="nowrap"
      component="section"
      aria-label={t("call.bar")}
      className={classes.bar}
      data-ringing={agent.state === "offered" || undefined}
    >
      <Group gap="md" wrap="nowrap" style={{ minWidth: 0 }}>
        <Stack gap={0} style={{ minWidth: 0 }}>
          <AgentStateMark state={agent.state} size="xs" />
          <Text fw={600} truncate>
            {current ? farName(current) : t("wrap_up.title")}
          </Text>
        </Stack>
        {current ? (
          <Clock since={current.answered_at ?? current.state_since} fz="lg" fw={500} />
        ) : (
          wrap_up && <Clock until={wrap_up.until} fz="lg" fw={500} />
        )}
      </Group>
      <Group gap="xs" wrap="nowrap">
        <ButtonLink to="/desk" variant="default" className={classes.desk}>
          {t("call.to_desk")}
        </ButtonLink>
        <CallMute />
        <CallButtons mine={mine} />
      </Group>
    </Group>
  );
}
