import { Alert, Button, Group } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLiveClient, useLivePhase } from "@/live/LiveProvider";

/** A connection that is back within this was not worth a word. */
const PATIENCE_MS = 1_500;

/** Says in words that what is on the screen may be old, until events arrive again. */
export function ConnectionBanner() {
  const { t } = useTranslation();
  const phase = useLivePhase();
  const client = useLiveClient();
  const away = phase.kind === "connecting" || phase.kind === "waiting";
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!away) {
      setLate(false);
      return;
    }
    const timer = setTimeout(() => setLate(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [away]);

  return (
    <div role="status">
      {away && late && (
        <Alert
          color="orange"
          variant="light"
          icon={<IconPlugConnectedX aria-hidden />}
          mb="md"
          title={t("live.reconnecting")}
        >
          <Group justify="space-between" gap="sm">
            {t("live.calls_go_on")}
            <Button size="xs" variant="default" onClick={() => client?.retryNow()}>
              {t("live.now")}
            </Button>
          </Group>
        </Alert>
      )}
    </div>
  );
}
