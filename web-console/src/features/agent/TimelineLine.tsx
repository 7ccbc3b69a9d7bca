import { Group, Text } from "@mantine/core";
import {
  IconMail,
  IconNote,
  IconPhoneIncoming,
  IconPhoneOutgoing,
  IconPoint,
  IconTargetArrow,
  IconTicket,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { TimelineItem } from "@/api/types";
import { useLabel } from "@/i18n/label";

/** The icon of a timeline entry's kind. */
export function TimelineIcon({ item, size = 16 }: { item: TimelineItem; size?: number }) {
  const look = { size, stroke: 1.7, "aria-hidden": true, style: { flex: "none" } } as const;
  switch (item.kind) {
    case "call":
      return item.direction === "outbound" ? (
        <IconPhoneOutgoing {...look} />
      ) : (
        <IconPhoneIncoming {...look} />
      );
    case "note":
      return <IconNote {...look} />;
    case "ticket":
      return <IconTicket {...look} />;
    case "lead":
      return <IconTargetArrow {...look} />;
    case "mail":
      return <IconMail {...look} />;
    default:
      return <IconPoint {...look} />;
  }
}

/** An entry's headline: for a call how it ended, for others what they say. */
export function useTimelineTitle(): (item: TimelineItem) => string {
  const { t } = useTranslation();
  const label = useLabel();
  return (item) => {
    if (item.kind !== "call")
      return item.summary || t(`timeline.kind.${item.kind}`, { defaultValue: item.kind });
    const way = t(`timeline.call_${item.direction ?? "inbound"}`);
    const call = item.call;
    if (!call) return item.summary || way;
    if (call.disposition) return `${way}: ${label(call.disposition.label)}`;
    return call.answered_at ? way : `${way}: ${t("timeline.not_answered")}`;
  };
}

/** One entry in one line. */
export function TimelineLine({ item }: { item: TimelineItem }) {
  const title = useTimelineTitle();
  return (
    <Group gap={6} wrap="nowrap" style={{ minWidth: 0 }}>
      <TimelineIcon item={item} size={15} />
      <Text span size="sm" truncate>
        {title(item)}
      </Text>
    </Group>
  );
}
