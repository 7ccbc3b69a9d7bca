import { Select } from "@mantine/core";
import { IconDeviceLandlinePhone } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { MyAgent } from "@/api/types";
import { chosenPhone, usePhoneChoices, usePickPhone } from "@/features/phone/phones";

/** The phone that rings for this agent; an unreachable one says so in words. */
export function PhoneChooser({ mine, label }: { mine: MyAgent; label?: string }) {
  const { t } = useTranslation();
  const choices = usePhoneChoices(mine);
  const { pick, isPending } = usePickPhone();
  const { phone_id, agent } = mine;
  const chosen = chosenPhone(mine);
  const idle =
    agent.state === "logged_out" || agent.state === "not_ready" || agent.state === "ready";
  // The browser phone says for itself where it stands.
  const unreachable = chosen && chosen.kind !== "browser" && !chosen.reachable;
  return (
    <Select
      w={label ? undefined : 220}
      label={label}
      aria-label={label ? undefined : t("agent.phone")}
      placeholder={t("agent.choose_phone")}
      leftSection={<IconDeviceLandlinePhone size={16} aria-hidden />}
      allowDeselect={false}
      disabled={!idle || isPending}
      data={choices}
      value={phone_id ?? null}
      onChange={(id) => id && pick(id)}
      error={unreachable ? t("agent.unreachable") : undefined}
    />
  );
}
