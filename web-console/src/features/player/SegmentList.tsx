import { ActionIcon, Group, Text, UnstyledButton } from "@mantine/core";
import { IconPlayerSkipBack, IconPlayerSkipForward } from "@tabler/icons-react";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { Segment } from "@/api/types";
import { clock } from "@/time/format";
import { Toned } from "@/ui/Toned";
import { MARKS, nextSegment, previousSegment, segmentAt } from "./segments";
import classes from "./segments.module.css";

interface Props {
  segments: readonly Segment[];
  atMs: number;
  seek: (ms: number) => void;
}

/** What goes on from when to when, and who is there; each line leads to its place in the sound. */
export function SegmentList({ segments, atMs, seek }: Props) {
  const { t } = useTranslation();
  const title = useId();
  if (segments.length === 0) return null;
  const current = segmentAt(segments, atMs);
  const next = nextSegment(segments, atMs);
  return (
    <section aria-labelledby={title}>
      <Group gap="xs" mt="xs" mb={4}>
        <Text size="sm" fw={600} id={title}>
          {t("player.segments")}
        </Text>
        <ActionIcon
          size="md"
          variant="default"
          aria-label={t("player.previous_segment")}
          onClick={() => seek(previousSegment(segments, atMs))}
        >
          <IconPlayerSkipBack size={16} aria-hidden />
        </ActionIcon>
        <ActionIcon
          size="md"
          variant="default"
          aria-label={t("player.next_segment")}
          disabled={next === null}
          onClick={() => next !== null && seek(next)}
        >
          <IconPlayerSkipForward size={16} aria-hidden />
        </ActionIcon>
      </Group>
      <ol className={classes.list} aria-labelledby={title}>
        {segments.map((segment, place) => (
          <li key={segment.from_ms}>
            <UnstyledButton
              className={classes.line}
              aria-current={place === current ? "true" : undefined}
              onClick={() => seek(segment.from_ms)}
            >
              <span className="tabular">
                {clock(segment.from_ms)} – {clock(segment.to_ms)}
              </span>
              <Toned {...MARKS[segment.kind]}>{t(`player.kind.${segment.kind}`)}</Toned>
              <span>{segment.user_name}</span>
            </UnstyledButton>
          </li>
        ))}
      </ol>
    </section>
  );
}
