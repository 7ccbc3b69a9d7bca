import { Alert, Button, Group, Kbd, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconCreditCard, IconPlayerStop } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { LiveCall } from "@/api/types";
import { Clock } from "@/time/Clock";
import { useNow } from "@/time/useNow";
import { Toned } from "@/ui/Toned";
import { useShortcut } from "@/ui/useShortcut";
import { CardPayment } from "./CardPayment";
import { useMarkedFocus, useRecorder, useRecordingPaused } from "./recorder";

/** A pause that is longer than this was probably forgotten. */
const REMIND_AFTER_MS = 2 * 60 * 1000;

/** Whether the call is recorded, and the buttons to change that. */
export function RecordingBar({ call }: { call: LiveCall }) {
  const { t } = useTranslation();
  const recorder = useRecorder(call.id);
  const [paying, setPaying] = useState(false);
  const marked = useMarkedFocus();
  useRecordingPaused(call, paying ? "card_payment" : marked);
  const { recording } = call;
  const mayStart = call.recording_rule?.may_start ?? true;
  const mayStop = call.recording_rule?.may_stop ?? true;
  const main = recording === "on" ? "pause" : recording === "paused" ? "resume" : "start";
  const refused = recording === "asking" || (main === "start" && !mayStart);
  const press = (kind: "pause" | "resume" | "start" | "stop") => () => recorder.mutate({ kind });
  useShortcut(["r", "R"], () => {
    if (!refused) recorder.mutate({ kind: main });
  });
  const pressed = recorder.isPending ? recorder.variables.kind : null;
  return (
    <Stack gap="xs" component="section" aria-label={t("recorder.title")}>
      <Group gap="xs">
        <div role="status">
          <Toned
            shape={
              recording === "on"
                ? "disc"
                : recording === "paused"
                  ? "pause"
                  : recording === "asking"
                    ? "hourglass"
                    : "ring"
            }
            tone={recording === "on" ? "busy" : recording === "paused" ? "alert" : "off"}
          >
            {t(`recorder.is.${recording}`)}
          </Toned>
        </div>
        {recording !== "off" && <Clock since={call.recording_since} />}
        {!refused && (
          <Button
            size="xs"
            variant={recording === "paused" ? "filled" : "default"}
            rightSection={<Kbd size="xs">R</Kbd>}
            aria-keyshortcuts="R"
            loading={pressed === main}
            onClick={press(main)}
          >
            {t(`recorder.${main}`)}
          </Button>
        )}
        {recording === "on" && mayStop && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlayerStop size={16} aria-hidden />}
            loading={pressed === "stop"}
            onClick={press("stop")}
          >
            {t("recorder.stop")}
          </Button>
        )}
        <Button
          size="xs"
          variant="default"
          leftSection={<IconCreditCard size={16} aria-hidden />}
          onClick={() => setPaying(true)}
        >
          {t("recorder.card")}
        </Button>
      </Group>
      <Policy call={call} />
      {recording === "paused" && <Reminder since={call.recording_since} />}
      <CardPayment opened={paying} paused={recording === "paused"} close={() => setPaying(false)} />
    </Stack>
  );
}

/** Why a button is not there. */
function Policy({ call: { recording, recording_rule: rule } }: { call: LiveCall }) {
  const { t } = useTranslation();
  if (recording === "asking") {
    return (
      <Text size="sm" c="dimmed">
        {t("recorder.asking")}
      </Text>
    );
  }
  if (!rule || (rule.may_start && rule.may_stop)) return null;
  const whose = rule.decided_by === "house" ? "direction" : rule.decided_by;
  return (
    <Text size="sm" c="dimmed">
      {rule.may_start ? t(`recorder.always.${whose}`) : t(`recorder.never.${whose}`)}
    </Text>
  );
}

/** A pause is easily forgotten, and then the rest of the call is missing. */
function Reminder({ since }: { since: string }) {
  const { t } = useTranslation();
  const now = useNow();
  if (now - Date.parse(since) < REMIND_AFTER_MS) return null;
  return (
    <Alert role="alert" color="orange" icon={<IconAlertTriangle size={18} aria-hidden />} p="xs">
      {t("recorder.reminder")}
    </Alert>
  );
}
