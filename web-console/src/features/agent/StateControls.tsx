import { Button, Group, Menu } from "@mantine/core";
import { IconChevronDown, IconPlayerPause, IconPlayerPlay, IconPower } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { AgentView } from "@/api/types";
import { useLabel } from "@/i18n/label";
import { useReasons, useSetState } from "./agent";

/** Reasons an agent can pick from; a company with more needs a list, not a menu. */
const MOST_REASONS = 12;

/** Ready, not ready with a reason, logged out. During a call the wish is kept for after it. */
export function StateControls({ agent }: { agent: AgentView }) {
  const { t } = useTranslation();
  const setState = useSetState();
  const busy = agent.state === "offered" || agent.state === "talking" || agent.state === "dialling";
  const inWrapUp = agent.state === "wrap_up";

  return (
    <Group gap="xs">
      {agent.state !== "ready" && !busy && !inWrapUp && (
        <Button
          leftSection={<IconPlayerPlay size={16} aria-hidden />}
          loading={setState.isPending && setState.variables?.state === "ready"}
          onClick={() => setState.mutate({ state: "ready" })}
        >
          {t("agent.go_ready")}
        </Button>
      )}
      {busy && agent.pending && (
        <Button variant="default" onClick={() => setState.mutate({ state: "ready" })}>
          {t("agent.stay_ready")}
        </Button>
      )}
      <NotReadyMenu />
      {agent.state !== "logged_out" && (
        <Button
          variant="subtle"
          leftSection={<IconPower size={16} aria-hidden />}
          onClick={() => setState.mutate({ state: "logged_out" })}
        >
          {busy || inWrapUp ? t("agent.log_out_after") : t("agent.log_out")}
        </Button>
      )}
    </Group>
  );
}

function NotReadyMenu() {
  const { t } = useTranslation();
  const label = useLabel();
  const setState = useSetState();
  const reasons = useReasons();
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button
          variant="default"
          leftSection={<IconPlayerPause size={16} aria-hidden />}
          rightSection={<IconChevronDown size={14} aria-hidden />}
        >
          {t("agent.go_not_ready")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t("agent.why")}</Menu.Label>
        {(reasons.data ?? []).slice(0, MOST_REASONS).map((reason) => (
          <Menu.Item
            key={reason.code}
            onClick={() => setState.mutate({ state: "not_ready", reason: reason.code })}
          >
            {label(reason.label)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
