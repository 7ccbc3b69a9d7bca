import { ActionIcon, Button, Fieldset, Group, Select, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

export interface Line<K extends string> {
  value: string;
  kind: K;
}

/** More numbers than any contact has; the hub bounds them too. */
const MOST_LINES = 10;

interface Props<K extends string> {
  legend: string;
  add: string;
  type: "tel" | "email";
  kinds: readonly [K, ...K[]];
  lines: readonly Line<K>[];
  change: (lines: Line<K>[]) => void;
}

/** Several numbers or addresses, each with its kind. */
export function LinesField<K extends string>({
  legend,
  add,
  type,
  kinds,
  lines,
  change,
}: Props<K>) {
  const { t } = useTranslation();
  const set = (at: number, line: Partial<Line<K>>) =>
    change(lines.map((old, index) => (index === at ? { ...old, ...line } : old)));
  return (
    <Fieldset legend={legend} p="sm">
      {lines.map((line, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place.
        <Group key={at} gap="xs" mb="xs" wrap="nowrap">
          <TextInput
            type={type}
            flex={1}
            aria-label={`${legend} ${at + 1}`}
            value={line.value}
            onChange={(event) => set(at, { value: event.currentTarget.value })}
          />
          <Select
            w={120}
            aria-label={t("contact.kind_of", { name: `${legend} ${at + 1}` })}
            allowDeselect={false}
            data={[...new Set([...kinds, line.kind])].map((kind) => ({
              value: kind,
              label: t(`contact.kind.${kind}`, { defaultValue: kind }),
            }))}
            value={line.kind}
            onChange={(kind) => kind && set(at, { kind: kind as K })}
          />
          <ActionIcon
            aria-label={t("contact.remove_line", { name: `${legend} ${at + 1}` })}
            onClick={() => change(lines.filter((_, index) => index !== at))}
          >
            <IconX size={16} aria-hidden />
          </ActionIcon>
        </Group>
      ))}
      {lines.length < MOST_LINES && (
        <Button
          size="compact-sm"
          variant="subtle"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => change([...lines, { value: "", kind: kinds[0] }])}
        >
          {add}
        </Button>
      )}
    </Fieldset>
  );
}
