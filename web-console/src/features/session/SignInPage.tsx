import {
  Alert,
  Box,
  Button,
  Group,
  Paper,
  PasswordInput,
  Stack,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { asApiError } from "@/api/problem";
import { LanguageMenu } from "@/features/shell/LanguageMenu";
import { useProblemText } from "@/i18n/problems";
import { Mark } from "@/ui/Mark";
import { useDocumentName } from "@/ui/useDocumentName";
import { useFieldProblem } from "@/ui/useFieldProblem";
import { DemoLogins } from "./DemoLogins";
import classes from "./SignInPage.module.css";
import { useHub, useSignIn } from "./session";

/** The door: email and password, or one click on a demo hub. */
export function SignInPage() {
  const { t } = useTranslation();
  const hub = useHub();
  const signIn = useSignIn();
  const text = useProblemText();
  useDocumentName(t("sign_in.title"));

  const form = useForm({
    mode: "uncontrolled",
    initialValues: { email: "", password: "" },
    validate: {
      email: (value) => (/^\S+@\S+$/.test(value.trim()) ? null : t("sign_in.email_needed")),
      password: (value) => (value === "" ? t("sign_in.password_needed") : null),
    },
  });

  const problem = signIn.error ? asApiError(signIn.error) : null;
  const field = problem?.field ?? null;
  const at = useFieldProblem(signIn.error);

  return (
    <main className={classes.page}>
      <Box className={classes.column}>
        <Group justify="space-between" mb="xl">
          <Group gap="sm">
            <Mark size={36} />
            <Text fw={600} size="lg">
              Centralita
            </Text>
          </Group>
          <LanguageMenu />
        </Group>

        <Title order={1} size="h2" mb={4}>
          {t("sign_in.title")}
        </Title>
        <Text c="dimmed" mb="lg">
          {hub.data ? t("sign_in.to_hub", { name: hub.data.name }) : " "}
        </Text>

        <Paper p="lg">
          <form
            noValidate
            onSubmit={form.onSubmit((values) =>
              signIn.mutate({ email: values.email.trim(), password: values.password }),
            )}
          >
            <Stack>
              {problem && field !== "email" && field !== "password" && (
                <Alert
                  color="red"
                  variant="light"
                  role="alert"
                  icon={<IconAlertTriangle aria-hidden />}
                >
                  {text(problem)}
                </Alert>
              )}
              <TextInput
                label={t("sign_in.email")}
                type="email"
                autoComplete="username"
                autoFocus
                key={form.key("email")}
                {...at("email", form.getInputProps("email"))}
              />
              <PasswordInput
                label={t("sign_in.password")}
                autoComplete="current-password"
                key={form.key("password")}
                {...at("password", form.getInputProps("password"))}
                visibilityToggleButtonProps={{ "aria-label": t("sign_in.show_password") }}
              />
              <Button type="submit" fullWidth loading={signIn.isPending}>
                {t("sign_in.submit")}
              </Button>
            </Stack>
          </form>
        </Paper>

        {hub.data?.demo && hub.data.demo_logins && (
          <DemoLogins
            logins={hub.data.demo_logins}
            busy={signIn.isPending}
            choose={({ email, password }) => signIn.mutate({ email, password })}
          />
        )}
        {hub.data && (
          <Text size="xs" c="dimmed" mt="lg" ta="center">
            {t("sign_in.version", { version: hub.data.version })}
          </Text>
        )}
      </Box>
    </main>
  );
}
