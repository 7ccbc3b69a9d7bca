import { Group, Kbd, Modal, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { createStore, useStore } from "@/ui/store";
import { useShortcut } from "@/ui/useShortcut";

const opened = createStore(false);

export function openShortcuts(): void {
  opened.set(true);
}

/** What each key does, by where it works. */
const LIST = [
  { keys: ["Ctrl", "K"], text: "shortcuts.search" },
  { keys: ["?"], text: "shortcuts.help" },
  { keys: ["A"], text: "shortcuts.answer" },
  { keys: ["M"], text: "shortcuts.mute" },
  { keys: ["K"], text: "shortcuts.keypad" },
  { keys: ["H"], text: "shortcuts.hold" },
  { keys: ["T"], text: "shortcuts.transfer" },
  { keys: ["B"], text: "shortcuts.back" },
  { keys: ["C"], text: "shortcuts.conference" },
  { keys: ["P"], text: "shortcuts.park" },
  { keys: ["R"], text: "shortcuts.record" },
  { keys: ["1", "–", "9"], text: "shortcuts.disposition" },
  { keys: ["Ctrl", "↵"], text: "shortcuts.finish" },
  { keys: ["␣"], text: "shortcuts.play" },
  { keys: ["←", "→"], text: "shortcuts.seek" },
] as const;

/** The list of keys, on `?`. */
export function Shortcuts() {
  const { t } = useTranslation();
  const open = useStore(opened);
  useShortcut("?", openShortcuts);
  return (
    <Modal
      opened={open}
      onClose={() => opened.set(false)}
      title={t("shortcuts.title")}
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      <Stack gap="sm">
        {LIST.map(({ keys, text }) => (
          <Group key={text} justify="space-between" wrap="nowrap">
            <Text size="sm">{t(text)}</Text>
            <Group gap={4} wrap="nowrap">
              {keys.map((key) => (key === "–" ? key : <Kbd key={key}>{key}</Kbd>))}
            </Group>
          </Group>
        ))}
      </Stack>
    </Modal>
  );
}
