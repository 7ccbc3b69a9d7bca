import { Button, Group, NumberInput, Paper, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import type { QueueView } from "@/api/types";
import { useProblemText } from "@/i18n/problems";
import { Loadable } from "@/ui/Loadable";
import { PageHead } from "@/ui/PageHead";
import { useFieldProblem } from "@/ui/useFieldProblem";
import { usePatchQueue, useQueues } from "./queues";

const MS_PER_S = 1_000;

/** How each queue rings, waits and lets its agents breathe. */
export function QueuesPage() {
  const { t } = useTranslation();
  return (
    <>
      <PageHead title={t("nav.queues")} sub={t("queues.sub")} />
      <Loadable query={useQueues()}>
        {(queues) => (
          <SimpleGrid cols={{ base: 1, md: 2, lg: 3 }}>
            {queues.map((queue) => (
              <QueueForm key={queue.id} queue={queue} />
            ))}
          </SimpleGrid>
        )}
      </Loadable>
    </>
  );
}

function QueueForm({ queue }: { queue: QueueView }) {
  const { t } = useTranslation();
  const text = useProblemText();
  const patch = usePatchQueue(queue.id);
  const at = useFieldProblem(patch.error);
  const form = useForm<Record<"ring" | "wrapUp" | "maxWait", number | string>>({
    initialValues: {
      ring: queue.ring_timeout_ms / MS_PER_S,
      wrapUp: queue.wrap_up_ms / MS_PER_S,
      maxWait: queue.max_wait_ms != null ? queue.max_wait_ms / MS_PER_S : "",
    },
    validate: {
      ring: (value) => (value === "" ? t("form.required") : null),
      wrapUp: (value) => (value === "" ? t("form.required") : null),
    },
  });
  const submit = form.onSubmit((values) =>
    patch.mutate(
      {
        ring_timeout_ms: Number(values.ring) * MS_PER_S,
        wrap_up_ms: Number(values.wrapUp) * MS_PER_S,
        max_wait_ms: values.maxWait === "" ? null : Number(values.maxWait) * MS_PER_S,
      },
      { onSuccess: () => form.resetDirty() },
    ),
  );
  const seconds = { min: 0, suffix: " s", allowDecimal: false, allowNegative: false } as const;
  return (
    <Paper p="md" component="section" aria-label={queue.name}>
      <form noValidate onSubmit={submit}>
        <Stack gap="sm">
          <Title order={2} size="h5">
            {queue.name}
          </Title>
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
          <Group justify="flex-end">
            <Text
              size="sm"
              role="status"
              c={patch.isError ? "var(--mantine-color-error)" : "dimmed"}
            >
              {patch.isError
                ? text(patch.error)
                : patch.isSuccess && !form.isDirty()
                  ? t("common.saved")
                  : ""}
            </Text>
            <Button
              type="submit"
              variant="default"
              disabled={!form.isDirty()}
              loading={patch.isPending}
            >
              {t("common.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}
