import { Group, NativeSelect, SegmentedControl, Text, TextInput } from "@mantine/core";
import { IconPhoneIncoming, IconPhoneOutgoing } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { CallSummary } from "@/api/types";
import { QualityWord } from "@/features/quality/QualityWord";
import { useLabel } from "@/i18n/label";
import { useTopic } from "@/live/LiveProvider";
import { displayNumber } from "@/phone/format";
import { dayEnd, dayStart } from "@/time/days";
import { clock } from "@/time/format";
import { When } from "@/time/When";
import type { Column } from "@/ui/DataTable";
import { ListPage } from "@/ui/ListPage";
import { TextLink } from "@/ui/links";
import { PageHead } from "@/ui/PageHead";
import { SearchField } from "@/ui/SearchField";
import { useCalls } from "./calls";
import { useEndText } from "./endText";

const DIRECTIONS = ["inbound", "outbound"] as const;

const QUALITIES = ["good", "fair", "poor"] as const;

const route = getRouteApi("/calls");

/** Every call that had its end, newest first; whose, is the hub's to decide. */
export function CallsPage() {
  const { t } = useTranslation();
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const direction = DIRECTIONS.find((each) => each === filter.direction);
  const quality = QUALITIES.find((each) => each === filter.quality);
  useTopic("calls");
  const query = useCalls({
    search: filter.search,
    direction,
    agent_id: filter.agent,
    queue_id: filter.queue,
    quality,
    from: dayStart(filter.from),
    to: dayEnd(filter.to),
  });
  const columns = useCallColumns();
  const set = (change: Partial<typeof filter>) =>
    void navigate({ search: { ...filter, ...change }, replace: true });
  return (
    <>
      <PageHead title={t("nav.calls")} />
      <Group mb="md" gap="sm" role="search">
        <SearchField
          label={t("calls.search")}
          value={filter.search}
          apply={(search) => set({ search })}
        />
        <SegmentedControl
          aria-label={t("calls.direction")}
          data={[
            { value: "", label: t("common.all") },
            ...DIRECTIONS.map((value) => ({ value, label: t(`calls.${value}`) })),
          ]}
          value={direction ?? ""}
          onChange={(next) => set({ direction: next || undefined })}
        />
        <NativeSelect
          aria-label={t("quality.title")}
          data={[
            { value: "", label: t("quality.any") },
            ...QUALITIES.map((value) => ({ value, label: t(`quality.word.${value}`) })),
          ]}
          value={quality ?? ""}
          onChange={(event) => set({ quality: event.currentTarget.value || undefined })}
        />
        <TextInput
          type="date"
          aria-label={t("calls.from")}
          title={t("calls.from")}
          value={filter.from ?? ""}
          onChange={(event) => set({ from: event.currentTarget.value || undefined })}
        />
        <TextInput
          type="date"
          aria-label={t("calls.to")}
          title={t("calls.to")}
          value={filter.to ?? ""}
          onChange={(event) => set({ to: event.currentTarget.value || undefined })}
        />
      </Group>
      <ListPage label={t("nav.calls")} query={query} columns={columns} />
    </>
  );
}

function useCallColumns(): Column<CallSummary>[] {
  const { t } = useTranslation();
  const label = useLabel();
  const endText = useEndText();
  return useMemo(
    () => [
      {
        id: "who",
        header: t("wall.customer"),
        cell: (call) => {
          const inbound = call.direction === "inbound";
          const Icon = inbound ? IconPhoneIncoming : IconPhoneOutgoing;
          const number = displayNumber(inbound ? call.caller : call.called);
          return (
            <Group gap="sm" wrap="nowrap">
              <Icon
                size={17}
                stroke={1.7}
                aria-label={t(`timeline.call_${call.direction}`)}
                style={{ flex: "none" }}
              />
              <div>
                <Text size="sm" fw={500} component="div">
                  <TextLink to="/calls/$callId" params={{ callId: call.id }}>
                    {call.contact?.name ?? number}
                  </TextLink>
                </Text>
                <Text size="xs" c="dimmed">
                  {call.contact ? number : t("wall.unknown")}
                </Text>
              </div>
            </Group>
          );
        },
      },
      { id: "at", header: t("calls.started"), cell: ({ started_at }) => <When at={started_at} /> },
      {
        id: "agent",
        header: t("wall.agent"),
        from: "sm",
        cell: ({ agent }) => agent?.display_name ?? "–",
      },
      { id: "queue", header: t("wall.queue"), from: "md", cell: ({ queue }) => queue?.name ?? "–" },
      {
        id: "how",
        header: t("calls.result"),
        from: "sm",
        cell: (call) => (call.disposition ? label(call.disposition.label) : endText(call)),
      },
      {
        id: "quality",
        header: t("quality.line"),
        from: "lg",
        cell: ({ quality }) => (quality ? <QualityWord quality={quality} size="xs" /> : "–"),
      },
      {
        id: "wait",
        header: t("calls.wait"),
        from: "lg",
        align: "right",
        cell: ({ wait_ms }) => (wait_ms != null ? clock(wait_ms) : "–"),
      },
      {
        id: "talk",
        header: t("calls.talk"),
        align: "right",
        cell: ({ talk_ms }) => (talk_ms != null ? clock(talk_ms) : "–"),
      },
    ],
    [t, label, endText],
  );
}
