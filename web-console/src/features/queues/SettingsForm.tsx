import { NumberInput, Select, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import type { Queue } from "@/api/types";
import { useFieldProblem } from "@/ui/useFieldProblem";
import { usePatchQueue, useSounds } from "./queues";
import { SaveLine } from "./SaveLine";
import {
  formOf,
  NOTICES,
  POLICIES,
  patchOf,
  type Settings,
  SOUNDS,
  soundChoices,
} from "./settings";

/** How a queue sounds, rings, waits and lets its agents breathe. */
export function SettingsForm({ queue }: { queue: Queue }) {
  const { t } = useTranslation();
  const patch = usePatchQueue(queue.id);
  const sounds = useSounds().data ?? [];
  const at = useFieldProblem(patch.error);
  const form = useForm<Settings>({
    initialValues: formOf(queue),
    validate: {
      ring: (value) => (value === "" ? t("form.required") : null),
      wrapUp: (value) => (value === "" ? t("form.required") : null),
    },
  });
  const submit = form.onSubmit((values) =>
    patch.mutate(patchOf(values), { onSuccess: (saved) => form.resetDirty(formOf(saved)) }),
  );
  const seconds = { min: 0, suffix: " s", allowDecimal: false, allowNegative: false } as const;
  return (
    <form noValidate onSubmit={submit}>
      <Stack gap="sm">
        <NumberInput
          label={t("queues.ring")}
          description={t("queues.ring_hint")}
          {...seconds}
          {...at("ring_timeout_ms", form.getInputProps("ring"))}
        />
        <NumberInput
          label={t("queues.wrap_up")}
          description={t("queues.wrap_up_hint")}
          {...seconds}
          {...at("wrap_up_ms", form.getInputProps("wrapUp"))}
        />
        <NumberInput
          label={t("queues.max_wait")}
          description={t("queues.max_wait_hint")}
          {...seconds}
          {...at("max_wait_ms", form.getInputProps("maxWait"))}
        />
        {SOUNDS.map((sound) => (
          <Select
            key={sound}
            label={t(`queues.sound.${sound}`)}
            data={soundChoices(sounds, queue[sound], t("queues.usual_sound"))}
            allowDeselect={false}
            searchable
            nothingFoundMessage={t("common.nothing_found")}
            {...at(sound, form.getInputProps(sound))}
          />
        ))}
        <Select
          label={t("queues.recording")}
          description={t("queues.recording_hint")}
          data={[
            { value: "", label: t("queues.record.house") },
            ...POLICIES.map((value) => ({ value, label: t(`queues.record.${value}`) })),
          ]}
          allowDeselect={false}
          {...at("recording", form.getInputProps("recording"))}
        />
        <Select
          label={t("queues.notice")}
          description={t("queues.notice_hint")}
          data={[
            { value: "", label: t("queues.notices.house") },
            ...NOTICES.map((value) => ({ value, label: t(`queues.notices.${value}`) })),
          ]}
          allowDeselect={false}
          {...at("recording_notice", form.getInputProps("notice"))}
        />
        <NumberInput
          label={t("queues.keep")}
          description={t("queues.keep_hint")}
          min={0}
          allowDecimal={false}
          allowNegative={false}
          {...at("recording_days", form.getInputProps("keepDays"))}
        />
        <SaveLine
          saving={patch}
          dirty={form.isDirty()}
          what={`${t("queues.settings")}, ${queue.name}`}
        />
      </Stack>
    </form>
  );
}
