import { Text, Tooltip, UnstyledButton } from "@mantine/core";
import type { ReactNode } from "react";

interface Props {
  label: string;
  /** The number's definition. */
  hint: string;
  strong: boolean;
  children: ReactNode;
}

/** A number with its name; what it counts is one hover, focus or press away. */
export function Figure({ label, hint, strong, children }: Props) {
  return (
    <div>
      <Tooltip label={hint} multiline w={240} events={{ hover: true, focus: true, touch: true }}>
        <UnstyledButton
          fz="xs"
          c="dimmed"
          style={{ borderBottom: "1px dotted currentColor", cursor: "help" }}
        >
          {label}
        </UnstyledButton>
      </Tooltip>
      <Text
        fz={34}
        lh={1.15}
        fw={strong ? 600 : 400}
        className="tabular"
        style={{ color: strong ? "var(--tone-alert)" : undefined }}
      >
        {children}
      </Text>
    </div>
  );
}
