import { Alert, Button, Group, Text } from "@mantine/core";
import { IconMicrophone } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useDeviceChoice } from "@/phone/browser/devices";
import {
  MicrophoneError,
  type MicrophoneTrouble,
  openMicrophone,
  stopTracks,
} from "@/phone/browser/microphone";
import { LevelMeter } from "./LevelMeter";

const METER_PX = 180;

/** Shows that the chosen microphone hears. `opened`: the devices' names may be known now. */
export function MicrophoneTest({ opened }: { opened: () => void }) {
  const { t } = useTranslation();
  const { microphone } = useDeviceChoice();
  const [running, setRunning] = useState(false);
  const [stream, setStream] = useState<MediaStream | null>(null);
  const [trouble, setTrouble] = useState<MicrophoneTrouble | null>(null);

  useEffect(() => {
    if (!running) return;
    let open: MediaStream | null = null;
    let gone = false;
    setTrouble(null);
    openMicrophone(microphone).then(
      (made) => {
        if (gone) return stopTracks(made);
        open = made;
        setStream(made);
      },
      (error: unknown) => {
        if (gone) return;
        setTrouble(error instanceof MicrophoneError ? error.trouble : "unknown");
        setRunning(false);
      },
    );
    return () => {
      gone = true;
      stopTracks(open);
      setStream(null);
    };
  }, [running, microphone]);

  const listening = stream !== null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each opening
  useEffect(() => {
    if (listening) opened();
  }, [listening]);

  return (
    <>
      <Group gap="md">
        <Button
          variant="default"
          leftSection={<IconMicrophone size={16} aria-hidden />}
          loading={running && !stream}
          onClick={() => setRunning(!running)}
        >
          {t(running ? "phone.test.stop" : "phone.test.microphone")}
        </Button>
        {stream && (
          <>
            <LevelMeter stream={stream} label={t("phone.level")} widthPx={METER_PX} />
            <Text size="sm" role="status">
              {t("phone.test.speak")}
            </Text>
          </>
        )}
      </Group>
      {trouble && (
        <Alert color="red" variant="light" role="alert" title={t(`phone.microphone.${trouble}`)}>
          {t(`phone.microphone.${trouble}_hint`)}
        </Alert>
      )}
    </>
  );
}
