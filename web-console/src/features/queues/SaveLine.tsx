import { Button, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useProblemText } from "@/i18n/problems";

interface Props {
  /** What happened to the last attempt. */
  saving: { isPending: boolean; isError: boolean; isSuccess: boolean; error: unknown };
  dirty: boolean;
  /** What is saved, for those who hear the button without its surroundings. */
  what: string;
}

/** The foot of a form that stays on its page: how the last attempt went, and Save. */
export function SaveLine({ saving, dirty, what }: Props) {
  const { t } = useTranslation();
  const text = useProblemText();
  return (
    <Group justify="flex-end">
      <Text size="sm" role="status" c={saving.isError ? "var(--mantine-color-error)" : "dimmed"}>
        {saving.isError ? text(saving.error) : saving.isSuccess && !dirty ? t("common.saved") : ""}
      </Text>
      <Button
        type="submit"
        variant="default"
        disabled={!dirty}
        loading={saving.isPending}
        aria-label={`${t("common.save")}: ${what}`}
      >
        {t("common.save")}
      </Button>
    </Group>
  );
}
