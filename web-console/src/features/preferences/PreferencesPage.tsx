import { Paper, SegmentedControl, Select, Stack, Text, Title } from "@mantine/core";
import { type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";
import type { Density, Locale, Theme } from "@/api/types";
import { PhoneSettings } from "@/features/phone/PhoneSettings";
import { useMay, useSession } from "@/features/session/session";
import { currentLanguage, LANGUAGE_NAMES, LANGUAGES } from "@/i18n";
import { PageHead } from "@/ui/PageHead";
import { PasswordForm } from "./PasswordForm";
import { useSavePreferences } from "./preferences";

const THEMES: readonly Theme[] = ["light", "dark", "auto"];
const DENSITIES: readonly Density[] = ["comfortable", "compact"];

/** How the console looks and speaks, for this user on every computer. */
export function PreferencesPage() {
  const { t } = useTranslation();
  const { user } = useSession();
  const may = useMay();
  const save = useSavePreferences();
  return (
    <>
      <PageHead title={t("nav.preferences")} sub={user.email} />
      <Stack gap="md" maw={560}>
        <Paper p="md" component="section" aria-labelledby="look">
          <Stack gap="md">
            <Title order={2} size="h5" id="look">
              {t("preferences.look")}
            </Title>
            <Select
              label={t("preferences.language")}
              allowDeselect={false}
              data={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
              value={user.locale ?? currentLanguage()}
              onChange={(locale) => locale && save.mutate({ locale: locale as Locale })}
            />
            <Labelled label={t("preferences.theme")}>
              {(id) => (
                <SegmentedControl
                  fullWidth
                  aria-labelledby={id}
                  data={THEMES.map((value) => ({ value, label: t(`preferences.themes.${value}`) }))}
                  value={user.theme}
                  onChange={(theme) => save.mutate({ theme: theme as Theme })}
                />
              )}
            </Labelled>
            <Labelled label={t("preferences.density")}>
              {(id) => (
                <SegmentedControl
                  fullWidth
                  aria-labelledby={id}
                  data={DENSITIES.map((value) => ({
                    value,
                    label: t(`preferences.densities.${value}`),
                  }))}
                  value={user.density}
                  onChange={(density) => save.mutate({ density: density as Density })}
                />
              )}
            </Labelled>
          </Stack>
        </Paper>
        {may("handle_calls") && <PhoneSettings />}
        <PasswordForm />
      </Stack>
    </>
  );
}

function Labelled({ label, children }: { label: string; children: (id: string) => ReactNode }) {
  const id = useId();
  return (
    <div>
      <Text size="sm" fw={500} mb={4} id={id}>
        {label}
      </Text>
      {children(id)}
    </div>
  );
}
