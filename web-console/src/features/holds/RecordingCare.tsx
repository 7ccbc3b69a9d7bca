import { Button, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { audioUrl, useRecording } from "@/features/player/recordings";
import { useMay } from "@/features/session/session";
import { exactly } from "@/time/format";
import { HoldButton } from "./HoldButton";
import { useVerify } from "./holds";

/** Below a recording's player: whether its file is whole, what holds it, and the file itself. */
export function RecordingCare({ id }: { id: string }) {
  const { t, i18n } = useTranslation();
  const answers = useMay()("hold_recordings");
  const recording = useRecording(id).data;
  const verify = useVerify(id);
  if (recording?.status !== "ready") return null;
  const { intact, verified_at, sha256 } = recording;
  return (
    <Group gap="xs" mt={6}>
      <Button
        component="a"
        href={`${audioUrl(id)}?download=true`}
        size="compact-xs"
        variant="default"
      >
        {t("player.download")}
      </Button>
      {answers && sha256 && (
        <Button
          size="compact-xs"
          variant="default"
          loading={verify.isPending}
          onClick={() => verify.mutate()}
        >
          {t("player.check")}
        </Button>
      )}
      {verified_at && (
        <Text size="xs" role="status" c={intact ? "dimmed" : "var(--mantine-color-error)"}>
          {t(intact ? "player.whole" : "player.altered", {
            at: exactly(verified_at, i18n.language),
          })}
        </Text>
      )}
      <HoldButton held={{ kind: "recording", id }} size="compact-xs" />
    </Group>
  );
}
