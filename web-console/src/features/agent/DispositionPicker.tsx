import { Group, Kbd, Text, UnstyledButton } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useDispositions } from "@/features/calls/calls";
import { useLabel } from "@/i18n/label";
import { useShortcut } from "@/ui/useShortcut";
import classes from "./DispositionPicker.module.css";

/** The place in the list, counted from one, is the key that chooses it. */
const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

interface Props {
  chosen: string | null;
  choose: (id: string) => void;
}

/** How the call went: a press or a digit. */
export function DispositionPicker({ chosen, choose }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const dispositions = (useDispositions().data ?? [])
    .filter((each) => each.active || each.id === chosen)
    .toSorted((a, b) => a.position - b.position);
  useShortcut(DIGITS, (key) => {
    const pressed = dispositions[Number(key) - 1];
    if (pressed) choose(pressed.id);
  });
  return (
    <div>
      <Text size="sm" fw={500} mb={6} id="disposition">
        {t("wrap_up.disposition")}
      </Text>
      <Group gap="xs" role="radiogroup" aria-labelledby="disposition">
        {dispositions.map((each, index) => {
          const picked = each.id === chosen;
          const digit = DIGITS[index];
          return (
            <UnstyledButton
              key={each.id}
              role="radio"
              aria-checked={picked}
              aria-keyshortcuts={digit}
              className={classes.choice}
              onClick={() => choose(each.id)}
            >
              {picked ? (
                <IconCheck size={16} aria-hidden />
              ) : (
                digit && (
                  <Kbd size="xs" aria-hidden>
                    {digit}
                  </Kbd>
                )
              )}
              {label(each.label)}
            </UnstyledButton>
          );
        })}
      </Group>
    </div>
  );
}
