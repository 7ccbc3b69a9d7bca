import { useRouterState } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMay } from "@/features/session/session";
import { Clock } from "@/time/Clock";
import { ButtonLink } from "@/ui/links";
import { Shape } from "@/ui/Shape";
import { AGENT_LOOKS } from "@/ui/states";
import { useMyAgent } from "./agent";
import classes from "./HeaderState.module.css";

/** My state while I am elsewhere; a press leads back to the desk, where it is changed. */
export function HeaderState() {
  const may = useMay();
  const onDesk = useRouterState({ select: (state) => state.location.pathname === "/desk" });
  return may("handle_calls") && !onDesk ? <MyState /> : null;
}

function MyState() {
  const { t } = useTranslation();
  const mine = useMyAgent();
  if (!mine) return null;
  const { agent } = mine;
  const [shape, tone] = AGENT_LOOKS[agent.state];
  const word = t(`states.agent.${agent.state}`);
  return (
    <ButtonLink
      to="/desk"
      variant="default"
      leftSection={<Shape name={shape} tone={tone} />}
      aria-label={t("agent.state_link", { state: word })}
    >
      <span className={classes.word}>{word}</span>
      <Clock since={agent.since} ml={6} c="dimmed" />
    </ButtonLink>
  );
}
