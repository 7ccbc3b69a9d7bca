import { Group, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useDocumentName } from "./useDocumentName";

interface Props {
  title: string;
  sub?: ReactNode;
  /** Buttons at the right, below the title where there is no room. */
  children?: ReactNode;
}

/** The top of every page: its one heading, and what can be done here. */
export function PageHead({ title, sub, children }: Props) {
  useDocumentName(title);
  return (
    <Group justify="space-between" align="center" mb="md" gap="sm">
      <div style={{ minWidth: 0 }}>
        <Title order={1} size="h3" style={{ overflowWrap: "anywhere" }}>
          {title}
        </Title>
        {sub && (
          <Text component="div" size="sm" c="dimmed">
            {sub}
          </Text>
        )}
      </div>
      {children && <Group gap="xs">{children}</Group>}
    </Group>
  );
}
