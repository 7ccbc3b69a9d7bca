import { Modal, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Contact } from "@/api/types";
import { ContactSelect } from "@/features/contacts/ContactSelect";
import { FormFrame } from "@/ui/FormFrame";
import { useFieldProblem } from "@/ui/useFieldProblem";
import { useCreateLead } from "./leads";

interface Props {
  opened: boolean;
  close: () => void;
  /** Whose lead; without it one is chosen. */
  contact?: Pick<Contact, "id" | "name" | "company">;
}

export function LeadDialog({ opened, close, contact }: Props) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t("leads.new")}
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      <LeadForm contact={contact} close={close} />
    </Modal>
  );
}

function LeadForm({ contact, close }: Omit<Props, "opened">) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const create = useCreateLead();
  const at = useFieldProblem(create.error);
  const form = useForm({
    initialValues: { title: "", source: "", contact_id: contact?.id ?? null },
    validate: { title: (value) => (value.trim() ? null : t("form.required")) },
  });
  const submit = form.onSubmit((values) =>
    create.mutate(
      {
        title: values.title.trim(),
        source: values.source.trim() || null,
        contact_id: values.contact_id,
        company_id: contact?.company?.id,
      },
      {
        onSuccess: ({ id }) => {
          close();
          if (!contact) void navigate({ to: "/leads/$leadId", params: { leadId: id } });
        },
      },
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
        label={t("lead.title")}
        data-autofocus
        withAsterisk
        {...at("title", form.getInputProps("title"))}
      />
      {contact ? (
        <Text size="sm">{t("lead.for_contact", { name: contact.name })}</Text>
      ) : (
        <ContactSelect
          label={t("lead.contact")}
          {...at("contact_id", form.getInputProps("contact_id"))}
        />
      )}
      <TextInput label={t("lead.source")} {...at("source", form.getInputProps("source"))} />
    </FormFrame>
  );
}
