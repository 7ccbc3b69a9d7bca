import { Group, Text, Tooltip } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { QualityWord } from "@/features/quality/QualityWord";
import { useQuality } from "@/phone/browser/useQuality";

/** How the network carries the call, as a word; the figures on hover or focus. */
export function QualityMark({ peer }: { peer: RTCPeerConnection | null }) {
  const { t, i18n } = useTranslation();
  const quality = useQuality(peer);
  if (!quality) return null;
  const figure = (value: number | null, digits: number) =>
    value === null ? "–" : value.toLocaleString(i18n.language, { maximumFractionDigits: digits });
  const figures = t("phone.figures", {
    loss: figure(quality.lossPct, 1),
    jitter: figure(quality.jitterMs, 0),
    trip: figure(quality.roundTripMs, 0),
  });
  return (
    <Tooltip label={figures}>
      <Group gap={7} wrap="nowrap" role="status" tabIndex={0} aria-description={figures}>
        <Text size="xs" c="dimmed">
          {t("quality.of_own")}
        </Text>
        <QualityWord quality={quality.grade} size="xs" />
      </Group>
    </Tooltip>
  );
}
