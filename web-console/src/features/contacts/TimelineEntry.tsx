import { Badge, Button, Group, Stack, Text } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { CallSummary, TimelineItem } from "@/api/types";
import { TimelineIcon, useTimelineTitle } from "@/features/agent/TimelineLine";
import { RecordingPlayer } from "@/features/player/RecordingPlayer";
import { useMay, useSession } from "@/features/session/session";
import { clock } from "@/time/format";
import { When } from "@/time/When";
import { TextLink } from "@/ui/links";
import classes from "./TimelineEntry.module.css";

/** One thing that happened; a call brings its note and its sound. */
export function TimelineEntry({ item }: { item: TimelineItem }) {
  const { t } = useTranslation();
  const title = useTimelineTitle();
  return (
    <li className={classes.entry}>
      <div className={classes.icon}>
        <TimelineIcon item={item} size={18} />
      </div>
      <Stack gap={6} style={{ minWidth: 0, flex: 1 }}>
        <Group justify="space-between" gap="xs" align="baseline">
          <Text
            size="sm"
            fw={item.kind === "note" ? 400 : 600}
            style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}
          >
            {item.ticket ? (
              <TextLink to="/tickets/$ticketId" params={{ ticketId: item.ticket.id }}>
                {title(item)}
              </TextLink>
            ) : item.lead ? (
              <TextLink to="/leads/$leadId" params={{ leadId: item.lead.id }}>
                {title(item)}
              </TextLink>
            ) : (
              // A note in full; its first line alone stands where there is little room.
              (item.kind === "note" && item.body) || title(item)
            )}
          </Text>
          <Text size="xs" c="dimmed">
            {item.user?.display_name}
            {item.user && " · "}
            <When at={item.occurred_at} />
          </Text>
        </Group>
        {item.call && <CallPart call={item.call} />}
        {!item.call && item.kind !== "note" && (
          <Text size="xs" c="dimmed">
            {t(`timeline.kind.${item.kind}`, { defaultValue: item.kind })}
          </Text>
        )}
      </Stack>
    </li>
  );
}

function CallPart({ call }: { call: CallSummary }) {
  const { t } = useTranslation();
  const facts = [
    call.agent?.display_name,
    call.queue?.name,
    call.wait_ms != null ? t("timeline.waited", { time: clock(call.wait_ms) }) : null,
    call.talk_ms != null ? t("timeline.talked", { time: clock(call.talk_ms) }) : null,
  ].filter(Boolean);
  return (
    <>
      <Group gap="xs">
        <Text size="sm" c="dimmed" className="tabular">
          {facts.join(" · ")}
        </Text>
        {call.test && (
          <Badge size="xs" variant="default">
            {t("call.test")}
          </Badge>
        )}
      </Group>
      {call.note && (
        <Text size="sm" className={classes.note}>
          {call.note}
        </Text>
      )}
      <Group gap="md">
        {call.ticket && (
          <Text size="sm">
            <TextLink to="/tickets/$ticketId" params={{ ticketId: call.ticket.id }}>
              #{call.ticket.number} {call.ticket.subject}
            </TextLink>
          </Text>
        )}
        <Text size="sm">
          <TextLink to="/calls/$callId" params={{ callId: call.id }}>
            {t("timeline.details")}
          </TextLink>
        </Text>
      </Group>
      <Recordings call={call} />
    </>
  );
}

/** The player is fetched when it is wanted: a long timeline stays light. */
function Recordings({ call }: { call: CallSummary }) {
  const { t } = useTranslation();
  const may = useMay();
  const { user } = useSession();
  const [open, setOpen] = useState(false);
  const allowed =
    may("listen_all_recordings") || (may("listen_own_recordings") && call.agent?.id === user.id);
  if (!allowed || call.recording_ids.length === 0) return null;
  if (open) return call.recording_ids.map((id) => <RecordingPlayer key={id} id={id} />);
  return (
    <div>
      <Button
        size="xs"
        variant="light"
        leftSection={<IconPlayerPlay size={14} aria-hidden />}
        onClick={() => setOpen(true)}
      >
        {t("player.open")}
      </Button>
    </div>
  );
}
