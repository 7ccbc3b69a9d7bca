import { Modal, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { FormFrame } from "@/ui/FormFrame";
import { useFieldProblem } from "@/ui/useFieldProblem";
import { useCreateQueue } from "./queues";

/** A queue begins with a name; the rest has usual values. */
export function QueueDialog({ opened, close }: { opened: boolean; close: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t("queues.new")}
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      <QueueForm close={close} />
    </Modal>
  );
}

function QueueForm({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const create = useCreateQueue();
  const at = useFieldProblem(create.error);
  const form = useForm({
    initialValues: { name: "" },
    validate: { name: (value) => (value.trim() ? null : t("form.required")) },
  });
  const submit = form.onSubmit(({ name }) =>
    create.mutate({ name: name.trim() }, { onSuccess: close }),
  );
  return (
    <FormFrame
      onSubmit={submit}
      error={create.error}
      saving={create.isPending}
      cancel={close}
      creating
    >
      <TextInput
        label={t("queues.name")}
        description={t("queues.new_hint")}
        data-autofocus
        withAsterisk
        {...at("name", form.getInputProps("name"))}
      />
    </FormFrame>
  );
}
