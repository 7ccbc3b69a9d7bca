import { ActionIcon, Button, Group, Paper, Text } from "@mantine/core";
import { IconPlayerPauseFilled, IconPlayerPlayFilled } from "@tabler/icons-react";
import { type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { clock, exactly } from "@/time/format";
import { Failed, Waiting } from "@/ui/Loadable";
import { nextSpeed, seekByKey } from "./playerLogic";
import classes from "./RecordingPlayer.module.css";
import { audioUrl, useRecording, useSegments, useWaveform } from "./recordings";
import { SegmentBands } from "./SegmentBands";
import { SegmentList } from "./SegmentList";
import { segmentByKey } from "./segments";
import { useAudio } from "./useAudio";
import { WaveformView } from "./WaveformView";

/** A call's recording: customer above, agent below, each on a line of its own. */
export function RecordingPlayer({ id }: { id: string }) {
  const { t, i18n } = useTranslation();
  const recording = useRecording(id);
  if (recording.isError)
    return <Failed error={recording.error} retry={() => void recording.refetch()} />;
  if (!recording.data) return <Waiting />;
  if (recording.data.status !== "ready") {
    return (
      <Text size="sm" c="dimmed">
        {t(`player.status.${recording.data.status}`, {
          defaultValue: recording.data.status,
          at: recording.data.expired_at ? exactly(recording.data.expired_at, i18n.language) : "",
          days: recording.data.expired_days,
        })}
      </Text>
    );
  }
  return <Player id={id} durationMs={recording.data.duration_ms ?? 0} />;
}

function Player({ id, durationMs }: { id: string; durationMs: number }) {
  const { t } = useTranslation();
  const audio = useAudio(durationMs);
  const waveform = useWaveform(id, true);
  const segments = useSegments(id).data ?? [];
  const [speed, setSpeed] = useState(1);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === " ") {
      event.preventDefault();
      audio.toggle();
      return;
    }
    const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
    const letter = !(ctrlKey || metaKey || altKey);
    const to =
      seekByKey(key, shiftKey, audio.atMs, durationMs) ??
      (letter ? segmentByKey(key, segments, audio.atMs) : null);
    if (to === null) return;
    event.preventDefault();
    audio.seek(to);
  };
  const changeSpeed = () => {
    const next = nextSpeed(speed);
    setSpeed(next);
    if (audio.ref.current) audio.ref.current.playbackRate = next;
  };

  return (
    <Paper p="sm" role="group" aria-label={t("player.label")}>
      {/* biome-ignore lint/a11y/useMediaCaption: recordings of calls have no captions; their notes stand beside them. */}
      <audio ref={audio.ref} src={audioUrl(id)} preload="none" />
      <Group gap="sm" wrap="nowrap" align="flex-start">
        <ActionIcon
          variant="filled"
          radius="xl"
          size={40}
          mt={18}
          aria-label={t(audio.playing ? "player.pause" : "player.play")}
          onClick={audio.toggle}
        >
          {audio.playing ? (
            <IconPlayerPauseFilled size={18} aria-hidden />
          ) : (
            <IconPlayerPlayFilled size={18} aria-hidden />
          )}
        </ActionIcon>
        <div className={classes.lanes} aria-hidden>
          <span>{t("player.customer")}</span>
          <span>{t("player.agent")}</span>
        </div>
        <div className={classes.sound}>
          <div
            className={classes.track}
            role="slider"
            tabIndex={0}
            aria-label={t("player.position")}
            aria-keyshortcuts={segments.length > 1 ? "P N" : undefined}
            aria-valuemin={0}
            aria-valuemax={Math.round(durationMs / 1000)}
            aria-valuenow={Math.round(audio.atMs / 1000)}
            aria-valuetext={t("player.position_of", {
              at: clock(audio.atMs),
              of: clock(durationMs),
            })}
            onKeyDown={onKeyDown}
          >
            <WaveformView
              waveform={waveform.data ?? null}
              atMs={audio.atMs}
              durationMs={durationMs}
              onSeek={audio.seek}
            />
          </div>
          <SegmentBands segments={segments} durationMs={durationMs} />
        </div>
      </Group>
      <Group justify="space-between" mt={6} gap="xs">
        <Text size="sm" className="tabular">
          {clock(audio.atMs)} / {clock(durationMs)}
        </Text>
        <Group gap="xs">
          {audio.failed && (
            <Text size="sm" c="var(--mantine-color-error)" role="alert">
              {t("player.failed")}
            </Text>
          )}
          {waveform.isError && (
            <Text size="xs" c="dimmed">
              {t("player.no_waveform")}
            </Text>
          )}
          <Button
            size="compact-xs"
            variant="default"
            className="tabular"
            aria-label={t("player.speed", { speed })}
            onClick={changeSpeed}
          >
            {speed}×
          </Button>
        </Group>
      </Group>
      <SegmentList segments={segments} atMs={audio.atMs} seek={audio.seek} />
    </Paper>
  );
}
