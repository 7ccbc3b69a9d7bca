import { Button, Group, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconUserPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { ScreenPop } from "@/api/types";
import { usePatchCall } from "@/features/calls/calls";
import { useCreateContact } from "@/features/contacts/contacts";
import { useFieldProblem } from "@/ui/useFieldProblem";

/** A new caller becomes a contact with a name and one press; the number is there already. */
export function UnknownCaller({ pop }: { pop: ScreenPop }) {
  const { t } = useTranslation();
  const create = useCreateContact();
  const patch = usePatchCall();
  const form = useForm({
    initialValues: { first_name: "", last_name: "" },
    validate: { first_name: (value) => (value.trim() ? null : t("form.required")) },
  });
  const at = useFieldProblem(create.error);
  return (
    <form
      onSubmit={form.onSubmit((values) =>
        create.mutate(
          {
            first_name: values.first_name.trim(),
            last_name: values.last_name.trim(),
            phones: [{ number: pop.number, kind: "mobile" }],
            emails: [],
          },
          {
            onSuccess: (contact) =>
              patch.mutate({ id: pop.call_id, body: { contact_id: contact.id } }),
          },
        ),
      )}
    >
      <Group align="flex-start" gap="sm">
        <TextInput
          label={t("contact.first_name")}
          autoComplete="off"
          {...at("first_name", form.getInputProps("first_name"))}
        />
        <TextInput
          label={t("contact.last_name")}
          autoComplete="off"
          {...at("last_name", form.getInputProps("last_name"))}
        />
        <Button
          type="submit"
          mt={24}
          leftSection={<IconUserPlus size={16} aria-hidden />}
          loading={create.isPending || patch.isPending}
        >
          {t("pop.create")}
        </Button>
      </Group>
    </form>
  );
}
