import { Button, Group, type MantineSize } from "@mantine/core";
import { IconPhone, IconPhoneOff, IconPhoneX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { MyAgent } from "@/api/types";
import { useCallAction } from "./agent";

/** White on either is more than 6:1, in both schemes. */
const GREEN = "#1d6b3e";
const RED = "#b3261e";

/** Answer and Reject while it rings, Hang up afterwards. A desk phone is answered by its own key. */
export function CallButtons({ mine, size }: { mine: MyAgent; size?: MantineSize }) {
  const { t } = useTranslation();
  const act = useCallAction();
  const call = mine.current;
  if (!call) return null;
  const demoPhone = mine.phones.find((phone) => phone.id === mine.phone_id)?.kind === "demo";
  const pressed = (action: string) => act.isPending && act.variables?.action === action;

  // A call I placed rings my own phone first: it is answered like any other.
  const ringsMe = mine.agent.state === "offered";
  return (
    <Group gap="xs">
      {ringsMe && demoPhone && (
        <Button
          size={size}
          color={GREEN}
          leftSection={<IconPhone size={18} aria-hidden />}
          loading={pressed("answer")}
          onClick={() => act.mutate({ call: call.id, action: "answer" })}
        >
          {t("call.answer")}
        </Button>
      )}
      {ringsMe && (
        <Button
          size={size}
          variant="default"
          leftSection={<IconPhoneX size={18} aria-hidden />}
          loading={pressed("reject")}
          onClick={() => act.mutate({ call: call.id, action: "reject" })}
        >
          {t("call.reject")}
        </Button>
      )}
      {!ringsMe && (
        <Button
          size={size}
          color={RED}
          leftSection={<IconPhoneOff size={18} aria-hidden />}
          loading={pressed("hang-up")}
          onClick={() => act.mutate({ call: call.id, action: "hang-up" })}
        >
          {t("call.hang_up")}
        </Button>
      )}
    </Group>
  );
}
