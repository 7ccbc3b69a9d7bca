import { Alert, Button, Group, Stack } from "@mantine/core";
import type { FormEvent, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useProblemText } from "@/i18n/problems";

interface Props {
  onSubmit: (event?: FormEvent<HTMLFormElement>) => void;
  error: unknown;
  saving: boolean;
  cancel: () => void;
  creating: boolean;
  children: ReactNode;
}

/** A dialog's form: what went wrong at the top, Cancel and Save at the foot. */
export function FormFrame({ onSubmit, error, saving, cancel, creating, children }: Props) {
  const { t } = useTranslation();
  const text = useProblemText();
  return (
    <form noValidate onSubmit={onSubmit}>
      <Stack>
        {Boolean(error) && (
          <Alert color="red" variant="light" role="alert">
            {text(error)}
          </Alert>
        )}
        {children}
        <Group justify="flex-end">
          <Button variant="default" onClick={cancel}>
            {t("common.cancel")}
          </Button>
          <Button type="submit" loading={saving}>
            {t(creating ? "common.create" : "common.save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
