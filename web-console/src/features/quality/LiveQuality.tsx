import { Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { LiveCall, MyAgent } from "@/api/types";
import { chosenPhone } from "@/features/phone/phones";
import { useSession } from "@/features/session/session";
import { QualityWord } from "./QualityWord";

/** How the lines of the running call sound, once the hub has heard them. */
export function LiveQuality({ mine, call }: { mine: MyAgent; call: LiveCall }) {
  const { t } = useTranslation();
  const { user } = useSession();
  // The browser phone says itself, and sooner, how it hears.
  const ownByHub = chosenPhone(mine)?.kind !== "browser";
  const lines = call.participants.flatMap(({ leg_id, kind, user_id, quality }) => {
    const name =
      kind === "customer" ? "customer" : user_id === user.id && ownByHub ? "own" : undefined;
    return name && quality ? [{ leg_id, quality, name } as const] : [];
  });
  if (lines.length === 0) return null;
  return (
    <Group gap="md" role="status" aria-label={t("quality.title")}>
      {lines.map((line) => (
        <Group key={line.leg_id} gap={7} wrap="nowrap">
          <Text size="xs" c="dimmed">
            {t(`quality.of_${line.name}`)}
          </Text>
          <QualityWord quality={line.quality} size="xs" />
        </Group>
      ))}
    </Group>
  );
}
