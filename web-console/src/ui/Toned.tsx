import { Group, type MantineSize, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { Shape, type ShapeName } from "./Shape";
import type { Tone } from "./tones";

interface Props {
  shape: ShapeName;
  tone: Tone;
  children: ReactNode;
  size?: MantineSize;
}

/** A shape and a word in one colour: how every state is shown. */
export function Toned({ shape, tone, children, size = "sm" }: Props) {
  return (
    <Group component="span" gap={7} wrap="nowrap" style={{ display: "inline-flex" }}>
      <Shape name={shape} tone={tone} />
      <Text
        span
        size={size}
        fw={500}
        style={{ color: `var(--tone-${tone})`, whiteSpace: "nowrap" }}
      >
        {children}
      </Text>
    </Group>
  );
}
