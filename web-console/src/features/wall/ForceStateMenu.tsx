import { ActionIcon, Menu } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { AgentView } from "@/api/types";
import { useReasons } from "@/features/agent/agent";
import { useLabel } from "@/i18n/label";
import { useForceState } from "./wall";

/** Reasons offered; as many as fit in a menu. */
const MOST_REASONS = 8;

/** Sets somebody's state, for those who left their desk and forgot. */
export function ForceStateMenu({ agent }: { agent: AgentView }) {
  const { t } = useTranslation();
  const label = useLabel();
  const reasons = useReasons().data ?? [];
  const force = useForceState();
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon
          loading={force.isPending}
          aria-label={t("wall.set_state_of", { name: agent.display_name })}
        >
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t("wall.set_state_of", { name: agent.display_name })}</Menu.Label>
        <Menu.Item
          disabled={agent.state === "ready"}
          onClick={() => force.mutate({ id: agent.id, state: "ready" })}
        >
          {t("states.agent.ready")}
        </Menu.Item>
        {reasons.slice(0, MOST_REASONS).map((reason) => (
          <Menu.Item
            key={reason.code}
            onClick={() => force.mutate({ id: agent.id, state: "not_ready", reason: reason.code })}
          >
            {t("states.agent.not_ready")}: {label(reason.label)}
          </Menu.Item>
        ))}
        <Menu.Item
          disabled={agent.state === "logged_out"}
          onClick={() => force.mutate({ id: agent.id, state: "logged_out" })}
        >
          {t("states.agent.logged_out")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
