import { Alert, Button, Group, Paper, PasswordInput, Stack, Text, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { SHORTEST_PASSWORD_CHARS } from "@/features/users/UserDialog";
import { useProblemText } from "@/i18n/problems";
import { useFieldProblem } from "@/ui/useFieldProblem";
import { useChangePassword } from "./preferences";

export function PasswordForm() {
  const { t } = useTranslation();
  const text = useProblemText();
  const change = useChangePassword();
  const at = useFieldProblem(change.error);
  const form = useForm({
    initialValues: { current: "", new: "" },
    validate: {
      current: (value) => (value ? null : t("form.required")),
      new: (value) =>
        value.length >= SHORTEST_PASSWORD_CHARS
          ? null
          : t("users.password_short", { n: SHORTEST_PASSWORD_CHARS }),
    },
  });
  const eye = { visibilityToggleButtonProps: { "aria-label": t("sign_in.show_password") } };
  return (
    <Paper p="md" component="section" aria-labelledby="password">
      <form
        noValidate
        onSubmit={form.onSubmit((values) =>
          change.mutate(values, { onSuccess: () => form.reset() }),
        )}
      >
        <Stack gap="md">
          <Title order={2} size="h5" id="password">
            {t("preferences.password")}
          </Title>
          {change.error && (
            <Alert color="red" variant="light" role="alert">
              {text(change.error)}
            </Alert>
          )}
          <PasswordInput
            label={t("preferences.current")}
            autoComplete="current-password"
            {...eye}
            {...at("current", form.getInputProps("current"))}
          />
          <PasswordInput
            label={t("preferences.new")}
            autoComplete="new-password"
            {...eye}
            {...at("new", form.getInputProps("new"))}
          />
          <Group justify="flex-end">
            <Text size="sm" c="dimmed" role="status">
              {change.isSuccess ? t("preferences.password_changed") : ""}
            </Text>
            <Button type="submit" variant="default" loading={change.isPending}>
              {t("preferences.change_password")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}
