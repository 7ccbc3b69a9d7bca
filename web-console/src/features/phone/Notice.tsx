import { Alert, Group } from "@mantine/core";
import { IconAlertTriangle, IconInfoCircle } from "@tabler/icons-react";
import type { ReactNode } from "react";

interface Props {
  kind: "info" | "trouble";
  title: string;
  text?: string;
  /** What can be done about it. */
  children?: ReactNode;
}

/** One thing about the phone that its person should know, with what to do. */
export function Notice({ kind, title, text, children }: Props) {
  const trouble = kind === "trouble";
  return (
    <Alert
      color={trouble ? "red" : "petrol"}
      variant="light"
      mb="md"
      icon={trouble ? <IconAlertTriangle aria-hidden /> : <IconInfoCircle aria-hidden />}
      title={title}
    >
      <Group justify="space-between" gap="sm">
        {text && <span style={{ flex: "1 1 220px" }}>{text}</span>}
        <Group gap="xs">{children}</Group>
      </Group>
    </Alert>
  );
}
