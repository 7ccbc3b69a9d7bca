import { Button, Group, Stack, Text, Textarea } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

interface Props {
  label: string;
  value: string;
  empty: string;
  editable: boolean;
  save: (text: string) => Promise<unknown>;
}

/** A longer text, read until somebody wants to change it. */
export function EditableText({ label, value, empty, editable, save }: Props) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<string | null>(null);
  const [saving, setSaving] = useState(false);

  if (draft === null) {
    return (
      <Stack gap="sm" align="flex-start">
        <Text
          size="sm"
          c={value ? undefined : "dimmed"}
          style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}
        >
          {value || empty}
        </Text>
        {editable && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPencil size={14} aria-hidden />}
            onClick={() => setDraft(value)}
          >
            {t("common.edit")}
          </Button>
        )}
      </Stack>
    );
  }
  const submit = async () => {
    setSaving(true);
    try {
      await save(draft);
      setDraft(null);
    } catch {
      // The problem has been told; what was typed stays.
    } finally {
      setSaving(false);
    }
  };
  return (
    <Stack gap="sm">
      <Textarea
        label={label}
        autosize
        minRows={4}
        maxRows={20}
        data-autofocus
        value={draft}
        onChange={(event) => setDraft(event.currentTarget.value)}
      />
      <Group>
        <Button size="xs" loading={saving} onClick={() => void submit()}>
          {t("common.save")}
        </Button>
        <Button size="xs" variant="default" onClick={() => setDraft(null)}>
          {t("common.cancel")}
        </Button>
      </Group>
    </Stack>
  );
}
