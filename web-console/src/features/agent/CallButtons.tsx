import { Button, Group, type MantineSize } from "@mantine/core";
import { IconPhone, IconPhoneOff, IconPhoneX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { MyAgent } from "@/api/types";
import { useOffer } from "@/features/phone/offer";
import { useHangUp } from "@/features/phone/useHangUp";

/** White on either is more than 6:1, in both schemes. */
const GREEN = "#1d6b3e";
const RED = "#b3261e";

/** Answer and Reject while it rings, Hang up afterwards. A desk phone is answered by its own key. */
export function CallButtons({ mine, size }: { mine: MyAgent; size?: MantineSize }) {
  const { t } = useTranslation();
  const offer = useOffer(mine);
  const end = useHangUp();
  const call = mine.current;
  if (!call) return null;

  // A call I placed rings my own phone first: it is answered like any other.
  const ringsMe = mine.agent.state === "offered";
  const { answer, reject, pending } = offer ?? { answer: null, reject: null, pending: null };
  return (
    <Group gap="xs">
      {ringsMe && (answer || pending === "answer") && (
        <Button
          size={size}
          color={GREEN}
          leftSection={<IconPhone size={18} aria-hidden />}
          loading={pending === "answer"}
          onClick={() => answer?.()}
        >
          {t("call.answer")}
        </Button>
      )}
      {ringsMe && reject && (
        <Button
          size={size}
          variant="default"
          leftSection={<IconPhoneX size={18} aria-hidden />}
          loading={pending === "reject"}
          onClick={reject}
        >
          {t("call.reject")}
        </Button>
      )}
      {!ringsMe && (
        <Button
          size={size}
          color={RED}
          leftSection={<IconPhoneOff size={18} aria-hidden />}
          loading={end.isPending}
          onClick={() => end.hangUp(call.id)}
        >
          {t("call.hang_up")}
        </Button>
      )}
    </Group>
  );
}
