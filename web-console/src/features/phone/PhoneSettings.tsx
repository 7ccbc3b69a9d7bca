import { Button, Group, Paper, Select, Stack, Text, Title } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useMyAgent } from "@/features/agent/agent";
import { PhoneChooser } from "@/features/agent/PhoneChooser";
import {
  canChooseSpeaker,
  chooseDevice,
  type Device,
  type DevicePurpose,
  useDeviceChoice,
  useDevices,
} from "@/phone/browser/devices";
import { MicrophoneTest } from "./MicrophoneTest";
import { askForNotices, useNoticePermission } from "./notices";
import { playTestSound } from "./testSound";

/** Which phone rings, and what one speaks into and hears from in this browser. */
export function PhoneSettings() {
  const { t } = useTranslation();
  const mine = useMyAgent();
  const choice = useDeviceChoice();
  const { microphones, speakers, again } = useDevices();
  const notices = useNoticePermission();
  return (
    <Paper p="md" component="section" aria-labelledby="phone-settings">
      <Stack gap="md">
        <Title order={2} size="h5" id="phone-settings">
          {t("phone.settings")}
        </Title>
        {mine && <PhoneChooser mine={mine} label={t("agent.phone")} />}
        <DeviceSelect purpose="microphone" devices={microphones} />
        <MicrophoneTest opened={again} />
        {canChooseSpeaker() && (
          <>
            <DeviceSelect purpose="speaker" devices={speakers} />
            <DeviceSelect purpose="ringer" devices={speakers} />
          </>
        )}
        <Group gap="xs">
          <TestSound name="speaker" device={choice.speaker} />
          <TestSound name="ringer" device={choice.ringer} />
        </Group>
        <Group justify="space-between" gap="xs">
          <Text size="sm" role="status">
            {t(`phone.notices.${notices}`)}
          </Text>
          {notices !== "granted" && notices !== "impossible" && (
            <Button variant="default" onClick={() => void askForNotices()}>
              {t("phone.allow")}
            </Button>
          )}
        </Group>
      </Stack>
    </Paper>
  );
}

/** The system's own choice, among the devices' ids. */
const SYSTEM = "system";

function DeviceSelect({
  purpose,
  devices,
}: {
  purpose: DevicePurpose;
  devices: readonly Device[];
}) {
  const { t } = useTranslation();
  const chosen = useDeviceChoice()[purpose];
  const known = devices.map(({ id, label }, at) => ({
    value: id,
    label: label || t("phone.device_unnamed", { n: at + 1 }),
  }));
  // One that is unplugged stays chosen: it is used again as soon as it is back.
  const away = chosen !== null && !known.some(({ value }) => value === chosen);
  return (
    <Select
      label={t(`phone.device.${purpose}`)}
      allowDeselect={false}
      data={[
        { value: SYSTEM, label: t("phone.device_system") },
        ...known,
        ...(away ? [{ value: chosen, label: t("phone.device_away") }] : []),
      ]}
      value={chosen ?? SYSTEM}
      onChange={(value) => value && chooseDevice(purpose, value === SYSTEM ? null : value)}
    />
  );
}

function TestSound({ name, device }: { name: "speaker" | "ringer"; device: string | null }) {
  const { t } = useTranslation();
  return (
    <Button
      variant="default"
      leftSection={<IconPlayerPlay size={16} aria-hidden />}
      onClick={() => playTestSound(device)}
    >
      {t(`phone.test.${name}`)}
    </Button>
  );
}
