import { ActionIcon, Button, Group, Popover } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconDialpad, IconMicrophone, IconMicrophoneOff } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useShortcut } from "@/ui/useShortcut";
import { Keypad } from "./Keypad";
import { LevelMeter } from "./LevelMeter";
import { type PhoneHandle, usePhone } from "./PhoneProvider";
import { QualityMark } from "./QualityMark";

/** White on it is more than 6:1: who is muted must see it. */
const MUTED = "#b3261e";

/** During a call in this tab's phone: mute, digits, how loud I am and how well we hear each other. */
export function CallSound() {
  const handle = usePhone();
  const phone = handle?.view.phone;
  const line = phone?.kind === "here" ? phone.line : null;
  if (!handle || line?.kind !== "talking") return null;
  return <Sound handle={handle} muted={line.muted} />;
}

function Sound({ handle: { phone, view }, muted }: { handle: PhoneHandle; muted: boolean }) {
  const { t } = useTranslation();
  const digit = (tone: string) => {
    if (!phone.digit(tone))
      notifications.show({ color: "red", message: t("phone.no_digits"), withBorder: true });
  };
  return (
    <Group gap="sm">
      <MuteButton muted={muted} set={(next) => phone.feed({ kind: "set_muted", muted: next })} />
      <KeypadButton press={digit} />
      {!muted && <LevelMeter stream={view.microphone} label={t("phone.level")} />}
      <QualityMark peer={view.peer} />
    </Group>
  );
}

/** Mute alone, where there is room for no more. */
export function CallMute() {
  const handle = usePhone();
  const phone = handle?.view.phone;
  const line = phone?.kind === "here" ? phone.line : null;
  if (!handle || line?.kind !== "talking") return null;
  const set = (muted: boolean) => handle.phone.feed({ kind: "set_muted", muted });
  return <MuteButton compact muted={line.muted} set={set} />;
}

interface MuteProps {
  muted: boolean;
  set: (muted: boolean) => void;
  compact?: boolean;
}

function MuteButton({ muted, set, compact }: MuteProps) {
  const { t } = useTranslation();
  useShortcut(["m", "M"], () => set(!muted));
  const Icon = muted ? IconMicrophoneOff : IconMicrophone;
  const look = {
    variant: muted ? "filled" : "default",
    color: muted ? MUTED : undefined,
    "aria-keyshortcuts": "M",
    onClick: () => set(!muted),
  };
  const word = t(muted ? "phone.unmute" : "phone.mute");
  return compact ? (
    <ActionIcon {...look} aria-label={word}>
      <Icon size={18} aria-hidden />
    </ActionIcon>
  ) : (
    <Button {...look} leftSection={<Icon size={18} aria-hidden />}>
      {word}
    </Button>
  );
}

export function KeypadButton({
  press,
  masked,
}: {
  press: (digit: string) => void;
  masked?: boolean;
}) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  useShortcut(["k", "K"], () => setOpen(!open));
  return (
    <Popover opened={open} onChange={setOpen} trapFocus withArrow position="bottom">
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconDialpad size={18} aria-hidden />}
          aria-keyshortcuts="K"
          onClick={() => setOpen(!open)}
        >
          {t("phone.keypad")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t("phone.keypad")}>
        <Keypad press={press} masked={masked} />
      </Popover.Dropdown>
    </Popover>
  );
}
