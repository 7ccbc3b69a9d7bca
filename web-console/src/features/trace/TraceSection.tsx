import { Button, Group, Paper, SegmentedControl, Text, Title } from "@mantine/core";
import { IconDownload, IconRefresh } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "@/api/problem";
import type { CallDetail, CallTrace } from "@/api/types";
import { Loadable } from "@/ui/Loadable";
import { Ladder } from "./Ladder";
import { ladder } from "./ladder";
import { TraceTable } from "./TraceTable";
import { captureUrl, useTrace } from "./trace";

const NOT_FOUND = 404;

/** What was said in SIP about a call: for those who look for a fault. */
export function TraceSection({ call }: { call: CallDetail }) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  const trace = useTrace(call.id, opened);
  const nothing = trace.error instanceof ApiError && trace.error.status === NOT_FOUND;
  return (
    <Paper component="section" aria-labelledby="trace">
      <Group justify="space-between" p="md" gap="sm">
        <Title order={2} size="h5" id="trace">
          {t("trace.title")}
        </Title>
        {!opened && (
          <Button variant="default" onClick={() => setOpened(true)}>
            {t("trace.open")}
          </Button>
        )}
        {trace.data && (
          <Group gap="xs">
            {trace.data.running && (
              <Button
                variant="default"
                leftSection={<IconRefresh size={16} aria-hidden />}
                loading={trace.isFetching}
                onClick={() => void trace.refetch()}
              >
                {t("trace.again")}
              </Button>
            )}
            <Button
              component="a"
              variant="default"
              href={captureUrl(call.id)}
              download
              leftSection={<IconDownload size={16} aria-hidden />}
            >
              {t("trace.download")}
            </Button>
          </Group>
        )}
      </Group>
      {nothing ? (
        <Text size="sm" c="dimmed" px="md" pb="md">
          {t("trace.nothing")}
        </Text>
      ) : (
        opened && <Loadable query={trace}>{(data) => <Said call={call} trace={data} />}</Loadable>
      )}
    </Paper>
  );
}

function Said({ call, trace }: { call: CallDetail; trace: CallTrace }) {
  const { t } = useTranslation();
  const [view, setView] = useState("ladder");
  const { parties, steps } = ladder(trace, call.legs);
  return (
    <>
      <Group px="md" pb="sm" gap="md">
        <SegmentedControl
          aria-label={t("trace.view")}
          data={[
            { value: "ladder", label: t("trace.as_ladder") },
            { value: "table", label: t("trace.as_table") },
          ]}
          value={view}
          onChange={setView}
        />
        <Text size="xs" c="dimmed">
          {t("trace.about")}
        </Text>
      </Group>
      {trace.left_out > 0 && (
        <Text size="sm" px="md" pb="sm">
          {t("trace.left_out", { n: trace.left_out })}
        </Text>
      )}
      {view === "ladder" ? (
        <Ladder parties={parties} steps={steps} />
      ) : (
        <TraceTable parties={parties} steps={steps} />
      )}
    </>
  );
}
