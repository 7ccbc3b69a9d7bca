import { Modal, SimpleGrid, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Company } from "@/api/types";
import { FormFrame } from "@/ui/FormFrame";
import { useFieldProblem } from "@/ui/useFieldProblem";
import { useCreateCompany, usePatchCompany } from "./companies";

interface Props {
  opened: boolean;
  close: () => void;
  company?: Company;
}

export function CompanyDialog({ opened, close, company }: Props) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t(company ? "company.edit" : "companies.new")}
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      <CompanyForm company={company} close={close} />
    </Modal>
  );
}

function CompanyForm({ company, close }: { company?: Company; close: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const create = useCreateCompany();
  const patch = usePatchCompany(company?.id ?? "");
  const saving = company ? patch : create;
  const at = useFieldProblem(saving.error);
  const form = useForm({
    initialValues: {
      name: company?.name ?? "",
      domain: company?.domain ?? "",
      phone: company?.phone ?? "",
      country: company?.country ?? "",
      industry: company?.industry ?? "",
    },
    validate: { name: (value) => (value.trim() ? null : t("form.required")) },
  });
  const submit = form.onSubmit((values) => {
    const body = {
      name: values.name.trim(),
      domain: values.domain.trim() || null,
      phone: values.phone.trim() || null,
      country: values.country.trim() || null,
      industry: values.industry.trim() || null,
    };
    if (company) patch.mutate(body, { onSuccess: close });
    else {
      create.mutate(body, {
        onSuccess: ({ id }) => {
          close();
          void navigate({ to: "/companies/$companyId", params: { companyId: id } });
        },
      });
    }
  });
  return (
    <FormFrame
      onSubmit={submit}
      error={saving.error}
      saving={saving.isPending}
      cancel={close}
      creating={!company}
    >
      <TextInput
        label={t("company.name")}
        data-autofocus
        withAsterisk
        {...at("name", form.getInputProps("name"))}
      />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextInput label={t("company.domain")} {...at("domain", form.getInputProps("domain"))} />
        <TextInput
          label={t("company.phone")}
          type="tel"
          {...at("phone", form.getInputProps("phone"))}
        />
        <TextInput label={t("company.country")} {...at("country", form.getInputProps("country"))} />
        <TextInput
          label={t("company.industry")}
          {...at("industry", form.getInputProps("industry"))}
        />
      </SimpleGrid>
    </FormFrame>
  );
}
