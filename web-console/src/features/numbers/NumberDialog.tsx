import { Modal, NumberInput, SegmentedControl, Select, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { rowsOf } from "@/api/pages";
import type { Route } from "@/api/types";
import { useQueues } from "@/features/queues/queues";
import { useUsers } from "@/features/users/users";
import { FormFrame } from "@/ui/FormFrame";
import { useFieldProblem } from "@/ui/useFieldProblem";
import { useCreateRoute } from "./numbers";
import {
  isPattern,
  KINDS,
  type Kind,
  nextPosition,
  type RouteValues,
  targetOf,
  tidyPattern,
} from "./routes";

interface Props {
  opened: boolean;
  close: () => void;
  /** Those that there are. */
  routes: readonly Route[];
}

/** A number that customers call, and where it leads. */
export function NumberDialog({ opened, close, routes }: Props) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t("numbers.new")}
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      <NumberForm close={close} routes={routes} />
    </Modal>
  );
}

function NumberForm({ close, routes }: Omit<Props, "opened">) {
  const { t } = useTranslation();
  const queues = useQueues().data ?? [];
  const users = rowsOf(useUsers().data).filter((user) => user.active);
  const create = useCreateRoute();
  const at = useFieldProblem(create.error);
  const form = useForm<RouteValues>({
    initialValues: {
      pattern: "",
      label: "",
      kind: "queue",
      queue: null,
      user: null,
      number: "",
      position: nextPosition(routes),
    },
    validate: {
      pattern: (value) => (isPattern(tidyPattern(value)) ? null : t("errors.reason.not_a_pattern")),
      label: (value) => (value.trim() ? null : t("form.required")),
      queue: needed("queue", t("form.required")),
      user: needed("user", t("form.required")),
      number: needed("external", t("form.required")),
      position: (value) => (value === "" ? t("form.required") : null),
    },
  });
  const submit = form.onSubmit((values) => {
    const target = targetOf(values);
    if (target === null) return;
    create.mutate(
      {
        pattern: tidyPattern(values.pattern),
        label: values.label.trim(),
        target,
        position: Number(values.position),
      },
      { onSuccess: close },
    );
  });
  return (
    <FormFrame
      onSubmit={submit}
      error={create.error}
      saving={create.isPending}
      cancel={close}
      creating
    >
      <TextInput
        label={t("numbers.pattern")}
        description={t("numbers.pattern_hint")}
        type="tel"
        autoComplete="off"
        data-autofocus
        withAsterisk
        {...at("pattern", form.getInputProps("pattern"))}
      />
      <TextInput
        label={t("numbers.label")}
        description={t("numbers.label_hint")}
        withAsterisk
        {...at("label", form.getInputProps("label"))}
      />
      <div>
        <Text size="sm" fw={500} mb={4} aria-hidden>
          {t("numbers.leads_to")}
        </Text>
        <SegmentedControl
          fullWidth
          aria-label={t("numbers.leads_to")}
          data={KINDS.map((value) => ({ value, label: t(`numbers.kinds.${value}`) }))}
          {...form.getInputProps("kind")}
        />
      </div>
      {form.values.kind === "queue" && (
        <Select
          label={t("numbers.kinds.queue")}
          description={queues.length === 0 ? t("numbers.no_queues_hint") : undefined}
          data={queues.map(({ id, name }) => ({ value: id, label: name }))}
          searchable
          withAsterisk
          nothingFoundMessage={t("common.nothing_found")}
          {...form.getInputProps("queue")}
        />
      )}
      {form.values.kind === "user" && (
        <Select
          label={t("numbers.kinds.user")}
          data={users.map(({ id, display_name }) => ({ value: id, label: display_name }))}
          searchable
          withAsterisk
          nothingFoundMessage={t("common.nothing_found")}
          {...form.getInputProps("user")}
        />
      )}
      {form.values.kind === "external" && (
        <TextInput
          label={t("numbers.number")}
          type="tel"
          autoComplete="off"
          withAsterisk
          {...at("target.number", form.getInputProps("number"))}
        />
      )}
      <NumberInput
        label={t("numbers.position")}
        description={t("numbers.position_hint")}
        min={0}
        allowDecimal={false}
        allowNegative={false}
        {...at("position", form.getInputProps("position"))}
      />
    </FormFrame>
  );
}

/** A target's field is asked for only while its kind is chosen. */
function needed(kind: Kind, message: string) {
  return (_: unknown, values: RouteValues) =>
    values.kind === kind && targetOf(values) === null ? message : null;
}
