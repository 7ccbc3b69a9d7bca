import { Group, Text } from "@mantine/core";
import { IconPhoneIncoming, IconPhoneOutgoing } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { CallSummary } from "@/api/types";
import { useLabel } from "@/i18n/label";
import { displayNumber } from "@/phone/format";
import { clock } from "@/time/format";
import { When } from "@/time/When";
import { TextLink } from "@/ui/links";

/** A finished call in two short lines. */
export function CallLine({ call }: { call: CallSummary }) {
  const { t } = useTranslation();
  const label = useLabel();
  const inbound = call.direction === "inbound";
  const Icon = inbound ? IconPhoneIncoming : IconPhoneOutgoing;
  const how = call.disposition
    ? label(call.disposition.label)
    : call.answered_at
      ? null
      : t("timeline.not_answered");
  return (
    <Group gap="sm" wrap="nowrap" align="flex-start">
      <Icon size={17} stroke={1.7} aria-hidden style={{ flex: "none", marginTop: 2 }} />
      <div style={{ minWidth: 0, flex: 1 }}>
        <Group justify="space-between" gap="xs" wrap="nowrap">
          <Text size="sm" fw={500} truncate component="div">
            <TextLink to="/calls/$callId" params={{ callId: call.id }}>
              <span className="visually-hidden">{t(`timeline.call_${call.direction}`)}: </span>
              {call.contact?.name ?? displayNumber(inbound ? call.caller : call.called)}
            </TextLink>
          </Text>
          <Text size="xs" c="dimmed" style={{ flex: "none" }}>
            <When at={call.started_at} />
          </Text>
        </Group>
        <Text size="xs" c="dimmed" truncate>
          {[how, call.talk_ms != null ? clock(call.talk_ms) : null, call.queue?.name]
            .filter(Boolean)
            .join(" · ")}
        </Text>
      </div>
    </Group>
  );
}
