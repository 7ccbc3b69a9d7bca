import { Button, SimpleGrid, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useShortcut } from "@/ui/useShortcut";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];
/** As much as fits above the keys; the far end has all of them. */
const SHOWN_DIGITS = 16;

/** The telephone's keys, by press or by keyboard. `masked`: what is keyed is shown to nobody. */
export function Keypad({ press, masked }: { press: (digit: string) => void; masked?: boolean }) {
  const { t } = useTranslation();
  const [pressed, setPressed] = useState("");
  const key = (digit: string) => {
    press(digit);
    setPressed((before) => (before + (masked ? "•" : digit)).slice(-SHOWN_DIGITS));
  };
  useShortcut(KEYS, key);
  return (
    <Stack gap="xs">
      <Text className="tabular" ta="center" mih={24} fw={500} role="status" aria-live="polite">
        {pressed}
      </Text>
      <SimpleGrid cols={3} spacing="xs" verticalSpacing="xs">
        {KEYS.map((digit) => (
          <Button
            key={digit}
            variant="default"
            px="md"
            aria-keyshortcuts={digit}
            aria-label={t("phone.key", { digit })}
            onClick={() => key(digit)}
          >
            {digit}
          </Button>
        ))}
      </SimpleGrid>
    </Stack>
  );
}
