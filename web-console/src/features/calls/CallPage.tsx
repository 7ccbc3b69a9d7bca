import { Badge, Grid, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { CallDetail } from "@/api/types";
import { DispositionPicker } from "@/features/agent/DispositionPicker";
import { NoteField } from "@/features/agent/NoteField";
import { RecordingCare } from "@/features/holds/RecordingCare";
import { RecordingPlayer } from "@/features/player/RecordingPlayer";
import { QualityTable } from "@/features/quality/QualityTable";
import { useMay, useSession } from "@/features/session/session";
import { TraceSection } from "@/features/trace/TraceSection";
import { displayNumber } from "@/phone/format";
import { clock, exactly } from "@/time/format";
import { Facts } from "@/ui/Facts";
import { Loadable } from "@/ui/Loadable";
import { TextLink } from "@/ui/links";
import { PageHead } from "@/ui/PageHead";
import { useCall, usePatchCall } from "./calls";
import { DialButton } from "./DialButton";
import { useEndText } from "./endText";
import { LegsTable } from "./LegsTable";

const route = getRouteApi("/calls/$callId");

/** One call from its first ring to its note, with its sound. */
export function CallPage() {
  const { callId } = route.useParams();
  return <Loadable query={useCall(callId)}>{(call) => <CallView call={call} />}</Loadable>;
}

function CallView({ call }: { call: CallDetail }) {
  const { t, i18n } = useTranslation();
  const may = useMay();
  const { user } = useSession();
  const endText = useEndText();
  const patch = usePatchCall();
  const number = call.direction === "inbound" ? call.caller : call.called;
  const own = call.agent?.id === user.id;
  const mayListen = may("listen_all_recordings") || (may("listen_own_recordings") && own);
  const mayNote = own || may("view_all_calls");
  return (
    <>
      <PageHead
        title={call.contact?.name ?? displayNumber(number)}
        sub={
          <Group gap="xs">
            {t(`timeline.call_${call.direction}`)} · {exactly(call.started_at, i18n.language)}
            {call.test && (
              <Badge size="sm" variant="default">
                {t("call.test")}
              </Badge>
            )}
          </Group>
        }
      >
        <DialButton number={number} contactId={call.contact?.id} variant="default" />
      </PageHead>
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Stack gap="md">
            <Paper p="md" component="section" aria-labelledby="recordings">
              <Title order={2} size="h5" id="recordings" mb="sm">
                {t("call_page.recording")}
              </Title>
              {call.recordings.length === 0 && (
                <Text size="sm" c="dimmed">
                  {t("call_page.no_recording")}
                </Text>
              )}
              {call.recording_decided_by && (
                <Text size="sm" c="dimmed" mb="sm">
                  {t(`call_page.recording_by.${call.recording_decided_by}`)}
                </Text>
              )}
              {call.recording_consent && call.recording_consent_at && (
                <Text size="sm" c="dimmed" mb="sm">
                  {t(`call_page.consent.${call.recording_consent}`, {
                    time: exactly(call.recording_consent_at, i18n.language),
                  })}
                </Text>
              )}
              {call.recordings.length > 0 &&
                (mayListen ? (
                  call.recordings.map((recording) => (
                    <div key={recording.id}>
                      <RecordingPlayer id={recording.id} />
                      <RecordingCare id={recording.id} />
                    </div>
                  ))
                ) : (
                  <Text size="sm" c="dimmed">
                    {t("call_page.may_not_listen")}
                  </Text>
                ))}
            </Paper>
            {mayNote && (
              <Paper p="md" component="section" aria-label={t("wrap_up.note")}>
                <Stack gap="md">
                  <DispositionPicker
                    chosen={call.disposition?.id ?? null}
                    choose={(disposition_id) =>
                      patch.mutate({ id: call.id, body: { disposition_id } })
                    }
                  />
                  <NoteField key={call.id} callId={call.id} stored={call.note ?? ""} />
                </Stack>
              </Paper>
            )}
            <Paper>
              <Title order={2} size="h5" id="legs" p="md">
                {t("call_page.legs")}
              </Title>
              <LegsTable legs={call.legs} />
            </Paper>
            {call.ended_at && (
              <Paper>
                <Title order={2} size="h5" id="quality" p="md">
                  {t("quality.title")}
                </Title>
                <QualityTable legs={call.legs} />
              </Paper>
            )}
            {may("view_traces") && <TraceSection key={call.id} call={call} />}
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Paper component="section" aria-label={t("timeline.details")}>
            <Facts
              facts={[
                [
                  t("wall.customer"),
                  call.contact && (
                    <TextLink
                      key="c"
                      to="/contacts/$contactId"
                      params={{ contactId: call.contact.id }}
                    >
                      {call.contact.name}
                    </TextLink>
                  ),
                ],
                [t("call_page.caller"), displayNumber(call.caller)],
                [t("call_page.called"), displayNumber(call.called)],
                [t("wall.queue"), call.queue?.name],
                [t("wall.agent"), call.agent?.display_name],
                [t("calls.wait"), call.wait_ms != null ? clock(call.wait_ms) : null],
                [t("calls.talk"), call.talk_ms != null ? clock(call.talk_ms) : null],
                [t("call_page.end"), endText(call)],
                [
                  t("wrap_up.ticket"),
                  call.ticket && (
                    <TextLink key="t" to="/tickets/$ticketId" params={{ ticketId: call.ticket.id }}>
                      #{call.ticket.number} {call.ticket.subject}
                    </TextLink>
                  ),
                ],
                [
                  t("wrap_up.lead"),
                  call.lead && (
                    <TextLink key="l" to="/leads/$leadId" params={{ leadId: call.lead.id }}>
                      {call.lead.title}
                    </TextLink>
                  ),
                ],
              ]}
            />
          </Paper>
        </Grid.Col>
      </Grid>
    </>
  );
}
