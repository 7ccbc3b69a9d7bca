import { Alert, Button, Group, Modal, SimpleGrid, Stack, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Contact } from "@/api/types";
import { CompanySelect } from "@/features/companies/CompanySelect";
import { useProblemText } from "@/i18n/problems";
import { useFieldProblem } from "@/ui/useFieldProblem";
import { useCreateContact, usePatchContact } from "./contacts";
import { LanguageSelect } from "./LanguageSelect";
import { LinesField } from "./LinesField";

type PhoneKind = Contact["phones"][number]["kind"];
type EmailKind = Contact["emails"][number]["kind"];

const PHONE_KINDS: readonly [PhoneKind, ...PhoneKind[]] = ["mobile", "work", "home", "other"];
const EMAIL_KINDS: readonly [EmailKind, ...EmailKind[]] = ["work", "home", "other"];

interface Props {
  opened: boolean;
  close: () => void;
  /** The contact to edit; without it one is created. */
  contact?: Contact;
}

/** Created or edited in one form; it starts afresh at each opening. */
export function ContactDialog({ opened, close, contact }: Props) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t(contact ? "contact.edit" : "contacts.new")}
      size="lg"
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      <ContactForm contact={contact} close={close} />
    </Modal>
  );
}

function ContactForm({ contact, close }: { contact?: Contact; close: () => void }) {
  const { t } = useTranslation();
  const text = useProblemText();
  const navigate = useNavigate();
  const create = useCreateContact();
  const patch = usePatchContact(contact?.id ?? "");
  const saving = contact ? patch : create;
  const at = useFieldProblem(saving.error);
  const form = useForm({
    initialValues: {
      first_name: contact?.first_name ?? "",
      last_name: contact?.last_name ?? "",
      company_id: contact?.company?.id ?? null,
      job_title: contact?.job_title ?? "",
      language: contact?.language ?? null,
      phones: contact?.phones.map((phone) => ({ value: phone.display, kind: phone.kind })) ?? [
        { value: "", kind: "mobile" as PhoneKind },
      ],
      emails: contact?.emails.map(({ address, kind }) => ({ value: address, kind })) ?? [
        { value: "", kind: "work" as EmailKind },
      ],
      notes: contact?.notes ?? "",
    },
    validate: { first_name: (value) => (value.trim() ? null : t("form.required")) },
  });

  const submit = form.onSubmit((values) => {
    const body = {
      first_name: values.first_name.trim(),
      last_name: values.last_name.trim(),
      company_id: values.company_id,
      job_title: values.job_title.trim() || null,
      language: values.language,
      phones: values.phones
        .filter(({ value }) => value.trim())
        .map(({ value, kind }) => ({ number: value.trim(), kind })),
      emails: values.emails
        .filter(({ value }) => value.trim())
        .map(({ value, kind }) => ({ address: value.trim(), kind })),
      notes: values.notes,
    };
    if (contact) patch.mutate(body, { onSuccess: close });
    else {
      create.mutate(body, {
        onSuccess: ({ id }) => {
          close();
          void navigate({ to: "/contacts/$contactId", params: { contactId: id } });
        },
      });
    }
  });

  return (
    <form onSubmit={submit}>
      <Stack>
        {saving.error && (
          <Alert color="red" variant="light" role="alert">
            {text(saving.error)}
          </Alert>
        )}
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <TextInput
            label={t("contact.first_name")}
            data-autofocus
            withAsterisk
            {...at("first_name", form.getInputProps("first_name"))}
          />
          <TextInput
            label={t("contact.last_name")}
            {...at("last_name", form.getInputProps("last_name"))}
          />
          <CompanySelect
            label={t("contact.company")}
            current={contact?.company ?? null}
            {...at("company_id", form.getInputProps("company_id"))}
          />
          <TextInput
            label={t("contact.job_title")}
            {...at("job_title", form.getInputProps("job_title"))}
          />
        </SimpleGrid>
        <LinesField
          legend={t("contact.phones")}
          add={t("contact.add_phone")}
          type="tel"
          kinds={PHONE_KINDS}
          lines={form.values.phones}
          change={(lines) => form.setFieldValue("phones", lines)}
        />
        <LinesField
          legend={t("contact.emails")}
          add={t("contact.add_email")}
          type="email"
          kinds={EMAIL_KINDS}
          lines={form.values.emails}
          change={(lines) => form.setFieldValue("emails", lines)}
        />
        <LanguageSelect {...form.getInputProps("language")} />
        <Textarea
          label={t("contact.notes")}
          autosize
          minRows={2}
          maxRows={8}
          {...at("notes", form.getInputProps("notes"))}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t("common.cancel")}
          </Button>
          <Button type="submit" loading={saving.isPending}>
            {t(contact ? "common.save" : "common.create")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
