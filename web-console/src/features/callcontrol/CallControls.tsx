import { Button, Group, Kbd, Stack } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconCheck,
  IconParking,
  IconPlayerPause,
  IconPlayerPlay,
  IconUserPlus,
  IconUsersGroup,
} from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { LiveCall, MyAgent } from "@/api/types";
import { KeypadButton } from "@/features/phone/CallSound";
import { chosenPhone } from "@/features/phone/phones";
import { useShortcut } from "@/ui/useShortcut";
import { useCallControl, usePark } from "./control";
import { Participants } from "./Participants";
import { RecordingBar } from "./RecordingBar";
import { TransferDialog } from "./TransferDialog";

/** Two are the customer and I; more is a conference. */
const A_CONFERENCE = 3;

/** What can be done to a running call besides ending it. */
export function CallControls({ mine, call }: { mine: MyAgent; call: LiveCall }) {
  if (mine.agent.state !== "talking") return null;
  return (
    <Stack gap="sm">
      {call.consulting ? (
        <ConsultButtons callId={call.id} />
      ) : (
        <TalkButtons mine={mine} call={call} />
      )}
      <RecordingBar call={call} />
      <Participants call={call} />
      <Announced call={call} />
    </Stack>
  );
}

/** What changed, for those who do not see it. */
function Announced({ call }: { call: LiveCall }) {
  const { t } = useTranslation();
  const conference = call.participants.length >= A_CONFERENCE;
  const word = call.consulting
    ? t("control.said.consulting")
    : call.state === "held"
      ? t("control.said.held")
      : conference
        ? t("control.said.conference", { n: call.participants.length })
        : "";
  return (
    <div role="status" aria-live="polite" className="visually-hidden">
      {word}
    </div>
  );
}

/** I speak with somebody else; the customer hears music. */
function ConsultButtons({ callId }: { callId: string }) {
  const { t } = useTranslation();
  const control = useCallControl(callId);
  const pressed = control.isPending ? control.variables.kind : null;
  const key = (kind: "complete" | "cancel" | "conference") => () => control.mutate({ kind });
  useShortcut(["t", "T"], key("complete"));
  useShortcut(["b", "B"], key("cancel"));
  useShortcut(["c", "C"], key("conference"));
  return (
    <Group gap="xs" role="group" aria-label={t("control.said.consulting")}>
      <Button
        leftSection={<IconCheck size={18} aria-hidden />}
        rightSection={<Kbd size="xs">T</Kbd>}
        loading={pressed === "complete"}
        onClick={key("complete")}
      >
        {t("control.complete")}
      </Button>
      <Button
        variant="default"
        leftSection={<IconArrowBackUp size={18} aria-hidden />}
        rightSection={<Kbd size="xs">B</Kbd>}
        loading={pressed === "cancel"}
        onClick={key("cancel")}
      >
        {t("control.back")}
      </Button>
      <Button
        variant="default"
        leftSection={<IconUsersGroup size={18} aria-hidden />}
        rightSection={<Kbd size="xs">C</Kbd>}
        loading={pressed === "conference"}
        onClick={key("conference")}
      >
        {t("control.conference")}
      </Button>
    </Group>
  );
}

function TalkButtons({ mine, call }: { mine: MyAgent; call: LiveCall }) {
  const { t } = useTranslation();
  const control = useCallControl(call.id);
  const park = usePark();
  const [purpose, setPurpose] = useState<"transfer" | "add" | null>(null);
  const held = call.state === "held";
  const conference = call.participants.length >= A_CONFERENCE;
  const turn = () => control.mutate({ kind: held ? "resume" : "hold" });
  const putAway = () =>
    park.mutate(call.id, {
      onSuccess: ({ slot }) =>
        notifications.show({
          title: t("control.parked", { slot }),
          message: t("control.parked_hint"),
          // It has to be told to a colleague.
          autoClose: false,
          closeButtonProps: { "aria-label": t("common.close") },
        }),
    });
  useShortcut(["h", "H"], turn);
  useShortcut(["t", "T"], () => setPurpose("transfer"));
  useShortcut(["p", "P"], putAway);
  const holding =
    control.isPending && (control.variables.kind === "hold" || control.variables.kind === "resume");
  return (
    <Group gap="xs">
      <Button
        variant={held ? "filled" : "default"}
        leftSection={
          held ? (
            <IconPlayerPlay size={18} aria-hidden />
          ) : (
            <IconPlayerPause size={18} aria-hidden />
          )
        }
        aria-keyshortcuts="H"
        loading={holding}
        onClick={turn}
      >
        {t(held ? "control.resume" : "control.hold")}
      </Button>
      <Button
        variant="default"
        leftSection={<IconArrowForwardUp size={18} aria-hidden />}
        aria-keyshortcuts="T"
        onClick={() => setPurpose("transfer")}
      >
        {t("control.transfer")}
      </Button>
      {conference && (
        <Button
          variant="default"
          leftSection={<IconUserPlus size={18} aria-hidden />}
          onClick={() => setPurpose("add")}
        >
          {t("control.add")}
        </Button>
      )}
      <Button
        variant="default"
        leftSection={<IconParking size={18} aria-hidden />}
        aria-keyshortcuts="P"
        loading={park.isPending}
        onClick={putAway}
      >
        {t("control.park")}
      </Button>
      {/* The browser phone plays its digits itself. */}
      {chosenPhone(mine)?.kind !== "browser" && (
        <KeypadButton press={(digits) => control.mutate({ kind: "digits", digits })} />
      )}
      <TransferDialog
        purpose={purpose}
        close={() => setPurpose(null)}
        go={(kind, to) => control.mutate({ kind, to })}
      />
    </Group>
  );
}
