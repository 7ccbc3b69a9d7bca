import { Modal, SegmentedControl, Text, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Contact, TicketPriority } from "@/api/types";
import { ContactSelect } from "@/features/contacts/ContactSelect";
import { FormFrame } from "@/ui/FormFrame";
import { useFieldProblem } from "@/ui/useFieldProblem";
import { useCreateTicket } from "./tickets";

export const PRIORITIES: readonly TicketPriority[] = ["low", "normal", "high", "urgent"];

interface Props {
  opened: boolean;
  close: () => void;
  /** Whose ticket; without it one is chosen. */
  contact?: Pick<Contact, "id" | "name" | "company">;
}

/** A ticket in ten seconds: what, whose, how urgent. */
export function TicketDialog({ opened, close, contact }: Props) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t("tickets.new")}
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      <TicketForm contact={contact} close={close} />
    </Modal>
  );
}

function TicketForm({ contact, close }: Omit<Props, "opened">) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const create = useCreateTicket();
  const at = useFieldProblem(create.error);
  const form = useForm({
    initialValues: {
      subject: "",
      description: "",
      priority: "normal" as TicketPriority,
      contact_id: contact?.id ?? null,
    },
    validate: { subject: (value) => (value.trim() ? null : t("form.required")) },
  });
  const submit = form.onSubmit((values) =>
    create.mutate(
      {
        subject: values.subject.trim(),
        description: values.description,
        priority: values.priority,
        contact_id: values.contact_id,
        company_id: contact?.company?.id,
      },
      {
        onSuccess: ({ id }) => {
          close();
          if (!contact) void navigate({ to: "/tickets/$ticketId", params: { ticketId: id } });
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
        label={t("ticket.subject")}
        data-autofocus
        withAsterisk
        {...at("subject", form.getInputProps("subject"))}
      />
      {contact ? (
        <Text size="sm">{t("ticket.for_contact", { name: contact.name })}</Text>
      ) : (
        <ContactSelect
          label={t("ticket.contact")}
          {...at("contact_id", form.getInputProps("contact_id"))}
        />
      )}
      <SegmentedControl
        fullWidth
        aria-label={t("ticket.priority")}
        data={PRIORITIES.map((value) => ({ value, label: t(`states.priority.${value}`) }))}
        {...form.getInputProps("priority")}
      />
      <Textarea
        label={t("ticket.description")}
        autosize
        minRows={3}
        maxRows={10}
        {...at("description", form.getInputProps("description"))}
      />
    </FormFrame>
  );
}
