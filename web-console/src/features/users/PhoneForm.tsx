import { TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import type { Device, MediaSecurity, NewPhone, User } from "@/api/types";
import { FormFrame } from "@/ui/FormFrame";
import { useFieldProblem } from "@/ui/useFieldProblem";
import { isUsername, suggestUsername, useCreatePhone } from "./phones";
import { SecurityChoice } from "./SecurityChoice";

interface Props {
  user: User;
  phones: readonly Device[];
  cancel: () => void;
  created: (phone: NewPhone) => void;
}

/** A telephone for a user's desk. */
export function PhoneForm({ user, phones, cancel, created }: Props) {
  const { t } = useTranslation();
  const create = useCreatePhone(user.id);
  const at = useFieldProblem(create.error);
  const form = useForm({
    initialValues: {
      label: t("phones.default_label"),
      username: suggestUsername(user.email, phones),
      media_security: "optional" as MediaSecurity,
    },
    validate: {
      label: (value) => (value.trim() ? null : t("form.required")),
      username: (value) => (isUsername(value.trim()) ? null : t("errors.reason.not_a_username")),
    },
  });
  const submit = form.onSubmit(({ label, username, media_security }) =>
    create.mutate(
      { label: label.trim(), username: username.trim(), media_security },
      { onSuccess: created },
    ),
  );
  return (
    <FormFrame
      onSubmit={submit}
      error={create.error}
      saving={create.isPending}
      cancel={cancel}
      creating
    >
      <TextInput
        label={t("phones.label")}
        description={t("phones.label_hint")}
        withAsterisk
        autoFocus
        {...at("label", form.getInputProps("label"))}
      />
      <TextInput
        label={t("phones.username")}
        description={t("phones.username_hint")}
        withAsterisk
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        {...at("username", form.getInputProps("username"))}
      />
      <SecurityChoice
        label={t("phones.media_security")}
        value={form.values.media_security}
        change={(wanted) => form.setFieldValue("media_security", wanted)}
      />
    </FormFrame>
  );
}
