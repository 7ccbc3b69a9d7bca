import { Badge, Button, Group, Modal, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import { IconLock } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Hold } from "@/api/types";
import { useMay } from "@/features/session/session";
import { exactly } from "@/time/format";
import { FormFrame } from "@/ui/FormFrame";
import { useFieldProblem } from "@/ui/useFieldProblem";
import { type Held, useHolds, useSetHold } from "./holds";

/** Whether something is on hold and why, with the way to place or lift it. */
export function HoldButton({ held, size }: { held: Held; size?: string }) {
  const { t, i18n } = useTranslation();
  const allowed = useMay()("hold_recordings");
  const [opened, dialog] = useDisclosure(false);
  const holds = useHolds(held, allowed);
  if (!allowed || !holds.data) return null;
  const own = holds.data.find((hold) =>
    held.kind === "recording" ? hold.recording_id : hold.contact_id,
  );
  const shown: Hold | undefined = own ?? holds.data[0];
  return (
    <Group gap="xs">
      {shown && (
        <>
          <Badge variant="default" leftSection={<IconLock size={12} aria-hidden />}>
            {t("hold.on")}
          </Badge>
          <Text size="xs" c="dimmed">
            {!own && `${t("hold.by_contact")} `}
            {shown.reason} (
            {t("hold.by", {
              who: shown.placed_by.display_name,
              at: exactly(shown.placed_at, i18n.language),
            })}
            )
          </Text>
        </>
      )}
      <Button variant="default" size={size} onClick={dialog.open}>
        {t(own ? "hold.lift" : "hold.place")}
      </Button>
      <Modal
        opened={opened}
        onClose={dialog.close}
        title={t(own ? "hold.lift" : "hold.place")}
        closeButtonProps={{ "aria-label": t("common.close") }}
      >
        <HoldForm held={held} lifts={Boolean(own)} close={dialog.close} />
      </Modal>
    </Group>
  );
}

function HoldForm({ held, lifts, close }: { held: Held; lifts: boolean; close: () => void }) {
  const { t } = useTranslation();
  const save = useSetHold(held, lifts);
  const at = useFieldProblem(save.error);
  const form = useForm({
    initialValues: { reason: "" },
    validate: { reason: (value) => (value.trim() ? null : t("form.required")) },
  });
  const hint = held.kind === "recording" ? "hold.recording_hint" : "hold.contact_hint";
  return (
    <FormFrame
      onSubmit={form.onSubmit(({ reason }) => save.mutate(reason, { onSuccess: close }))}
      error={save.error}
      saving={save.isPending}
      cancel={close}
      creating={false}
    >
      <Text size="sm">{t(lifts ? "hold.lift_hint" : hint)}</Text>
      <TextInput
        label={t("hold.reason")}
        data-autofocus
        withAsterisk
        maxLength={200}
        {...at("reason", form.getInputProps("reason"))}
      />
    </FormFrame>
  );
}
