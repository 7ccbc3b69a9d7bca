import { Select } from "@mantine/core";
import { IconDeviceLandlinePhone } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { MyAgent } from "@/api/types";
import { useChoosePhone } from "./agent";

/** The phone that rings for this agent; an unreachable one says so in words. */
export function PhoneChooser({ mine }: { mine: MyAgent }) {
  const { t } = useTranslation();
  const choose = useChoosePhone();
  const { phones, phone_id, agent } = mine;
  const chosen = phones.find((phone) => phone.id === phone_id);
  const idle =
    agent.state === "logged_out" || agent.state === "not_ready" || agent.state === "ready";
  return (
    <Select
      w={220}
      aria-label={t("agent.phone")}
      placeholder={phones.length === 0 ? t("agent.no_phone") : t("agent.choose_phone")}
      leftSection={<IconDeviceLandlinePhone size={16} aria-hidden />}
      allowDeselect={false}
      disabled={!idle || phones.length === 0}
      data={phones.map((phone) => ({
        value: phone.id,
        label: phone.reachable ? phone.label : t("agent.phone_unreachable", { label: phone.label }),
      }))}
      value={phone_id ?? null}
      onChange={(id) => id && choose.mutate(id)}
      error={chosen && !chosen.reachable ? t("agent.unreachable") : undefined}
    />
  );
}
