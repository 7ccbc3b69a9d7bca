import { Modal, PasswordInput, Select, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import type { Role } from "@/api/types";
import { FormFrame } from "@/ui/FormFrame";
import { useFieldProblem } from "@/ui/useFieldProblem";
import { ROLES } from "./UsersPage";
import { useCreateUser } from "./users";

/** What the hub asks for at least (NIST SP 800-63B section 3.1.1 asks for 8). */
export const SHORTEST_PASSWORD_CHARS = 8;

export function UserDialog({ opened, close }: { opened: boolean; close: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t("users.new")}
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      <UserForm close={close} />
    </Modal>
  );
}

function UserForm({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const create = useCreateUser();
  const at = useFieldProblem(create.error);
  const form = useForm({
    initialValues: { display_name: "", email: "", role: "agent" as Role, password: "" },
    validate: {
      display_name: (value) => (value.trim() ? null : t("form.required")),
      email: (value) => (/^\S+@\S+$/.test(value.trim()) ? null : t("sign_in.email_needed")),
      password: (value) =>
        value.length >= SHORTEST_PASSWORD_CHARS
          ? null
          : t("users.password_short", { n: SHORTEST_PASSWORD_CHARS }),
    },
  });
  const submit = form.onSubmit((values) =>
    create.mutate(
      { ...values, display_name: values.display_name.trim(), email: values.email.trim() },
      { onSuccess: close },
    ),
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
        label={t("users.name")}
        data-autofocus
        withAsterisk
        {...at("display_name", form.getInputProps("display_name"))}
      />
      <TextInput
        label={t("sign_in.email")}
        type="email"
        withAsterisk
        autoComplete="off"
        {...at("email", form.getInputProps("email"))}
      />
      <Select
        label={t("users.role")}
        allowDeselect={false}
        data={ROLES.map((value) => ({ value, label: t(`roles.${value}`) }))}
        {...at("role", form.getInputProps("role"))}
      />
      <PasswordInput
        label={t("users.first_password")}
        withAsterisk
        autoComplete="new-password"
        visibilityToggleButtonProps={{ "aria-label": t("sign_in.show_password") }}
        {...at("password", form.getInputProps("password"))}
      />
    </FormFrame>
  );
}
