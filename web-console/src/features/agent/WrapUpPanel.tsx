import { Button, Divider, Group, Kbd, Paper, Stack, Text, Title } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import type { WrapUp } from "@/api/types";
import { useCall, usePatchCall } from "@/features/calls/calls";
import { displayNumber } from "@/phone/format";
import { Clock } from "@/time/Clock";
import { clock } from "@/time/format";
import { useShortcut } from "@/ui/useShortcut";
import { useFinishWrapUp } from "./agent";
import { DispositionPicker } from "./DispositionPicker";
import { LinkPicker } from "./LinkPicker";
import { NoteField, type NoteHandle } from "./NoteField";
import classes from "./WrapUpPanel.module.css";

/** After the call: how it went, what was said, where it belongs. The clock runs on the hub. */
export function WrapUpPanel({ wrapUp }: { wrapUp: WrapUp }) {
  const { t } = useTranslation();
  const call = useCall(wrapUp.call_id).data;
  const patch = usePatchCall();
  const finish = useFinishWrapUp();
  const note = useRef<NoteHandle>(null);

  const done = async () => {
    await note.current?.flush();
    finish.mutate();
  };
  useShortcut("mod+Enter", () => void done(), { inFields: true });

  const number = call && displayNumber(call.direction === "inbound" ? call.caller : call.called);
  return (
    <Paper className={classes.panel} component="section" aria-labelledby="wrap-up">
      <Group justify="space-between" p="md" gap="sm">
        <div>
          <Title order={2} size="h3" id="wrap-up">
            {call ? t("wrap_up.after", { name: call.contact?.name ?? number }) : t("wrap_up.title")}
          </Title>
          {call && (
            <Text size="sm" c="dimmed" className="tabular">
              {[
                number,
                call.talk_ms != null ? t("wrap_up.talked", { time: clock(call.talk_ms) }) : null,
              ]
                .filter(Boolean)
                .join(" · ")}
            </Text>
          )}
        </div>
        <Stack gap={0} align="flex-end">
          <Text size="xs" c="dimmed">
            {t("wrap_up.left")}
          </Text>
          <Clock until={wrapUp.until} fz={28} fw={500} />
        </Stack>
      </Group>
      <Divider />
      <Stack p="md" gap="md">
        <DispositionPicker
          chosen={wrapUp.disposition_id ?? null}
          choose={(disposition_id) =>
            patch.mutate({ id: wrapUp.call_id, body: { disposition_id } })
          }
        />
        <NoteField key={wrapUp.call_id} ref={note} callId={wrapUp.call_id} stored={wrapUp.note} />
        <LinkPicker wrapUp={wrapUp} contactId={call?.contact?.id ?? null} call={call ?? null} />
        <Group justify="space-between">
          <Text size="sm" c="dimmed" visibleFrom="sm">
            {t("wrap_up.keys")}
          </Text>
          <Button
            leftSection={<IconCheck size={18} aria-hidden />}
            rightSection={<Kbd size="xs">Ctrl ↵</Kbd>}
            loading={finish.isPending}
            onClick={() => void done()}
          >
            {t("wrap_up.finish")}
          </Button>
        </Group>
      </Stack>
    </Paper>
  );
}
