import { ActionIcon, Avatar, Menu, Text, useComputedColorScheme } from "@mantine/core";
import {
  IconAdjustments,
  IconBell,
  IconBellOff,
  IconKeyboard,
  IconLogout,
  IconMoon,
  IconSun,
} from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useRingSound } from "@/features/agent/ringSound";
import { useSavePreferences } from "@/features/preferences/preferences";
import { useMay, useSession, useSignOut } from "@/features/session/session";
import { openShortcuts } from "./Shortcuts";

/** Me: what I chose, and the way out. */
export function UserMenu() {
  const { t } = useTranslation();
  const { user } = useSession();
  const may = useMay();
  const signOut = useSignOut();
  const navigate = useNavigate();
  const save = useSavePreferences();
  const sound = useRingSound();
  const dark = useComputedColorScheme("light") === "dark";
  return (
    <Menu width={240}>
      <Menu.Target>
        <ActionIcon
          variant="transparent"
          size="lg"
          aria-label={t("shell.me", { name: user.display_name })}
        >
          <Avatar name={user.display_name} color="petrol" size={32} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text fw={600} size="sm" c="var(--mantine-color-text)">
            {user.display_name}
          </Text>
          {t(`roles.${user.role}`)}
        </Menu.Label>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconAdjustments size={16} aria-hidden />}
          onClick={() => void navigate({ to: "/preferences" })}
        >
          {t("nav.preferences")}
        </Menu.Item>
        <Menu.Item
          leftSection={
            dark ? <IconSun size={16} aria-hidden /> : <IconMoon size={16} aria-hidden />
          }
          onClick={() => save.mutate({ theme: dark ? "light" : "dark" })}
        >
          {t(dark ? "shell.to_light" : "shell.to_dark")}
        </Menu.Item>
        {may("handle_calls") && (
          <Menu.Item
            leftSection={
              sound.on ? <IconBellOff size={16} aria-hidden /> : <IconBell size={16} aria-hidden />
            }
            onClick={sound.toggle}
          >
            {t(sound.on ? "shell.sound_off" : "shell.sound_on")}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconKeyboard size={16} aria-hidden />} onClick={openShortcuts}>
          {t("shortcuts.title")}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLogout size={16} aria-hidden />}
          onClick={() => signOut.mutate()}
        >
          {t("shell.sign_out")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
