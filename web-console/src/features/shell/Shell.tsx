import { AppShell, Burger, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Outlet, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { CallBar, useCallBarShown } from "@/features/agent/CallBar";
import { HeaderState } from "@/features/agent/HeaderState";
import { RingAnnouncer } from "@/features/agent/RingAnnouncer";
import { PhoneNotices } from "@/features/phone/PhoneNotices";
import { SearchButton, SearchSpotlight } from "@/features/search/SearchSpotlight";
import { TestCallButton } from "@/features/testcall/TestCallButton";
import { Mark } from "@/ui/Mark";
import { ConnectionBanner } from "./ConnectionBanner";
import { Navigation } from "./Navigation";
import classes from "./Shell.module.css";
import { Shortcuts } from "./Shortcuts";
import { UserMenu } from "./UserMenu";

const HEADER_PX = 56;
const NAVBAR_PX = 216;
const CALL_BAR_PX = 68;

/** The frame of every page. A call stays in sight wherever its agent goes. */
export function Shell() {
  const { t } = useTranslation();
  const [open, { toggle, close }] = useDisclosure(false);
  const callBar = useCallBarShown();
  const navigate = useNavigate();
  return (
    <AppShell
      header={{ height: HEADER_PX }}
      navbar={{ width: NAVBAR_PX, breakpoint: "sm", collapsed: { mobile: !open } }}
      footer={{ height: callBar ? CALL_BAR_PX : 0 }}
      padding={{ base: "sm", sm: "lg" }}
    >
      <a href="#content" className={classes.skip}>
        {t("shell.skip")}
      </a>
      <AppShell.Header className={classes.header}>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap" gap="sm">
          <Group gap="sm" wrap="nowrap">
            <Burger
              opened={open}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={t(open ? "shell.close_menu" : "shell.open_menu")}
            />
            <button
              type="button"
              className={classes.home}
              aria-label={t("shell.home")}
              onClick={() => void navigate({ to: "/" })}
            >
              <Mark />
              <Text span fw={600} visibleFrom="xs">
                Centralita
              </Text>
            </button>
          </Group>
          <Group gap="sm" wrap="nowrap">
            <SearchButton />
            <TestCallButton variant="default" className={classes.wide} />
            <HeaderState />
            <UserMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar className={classes.navbar}>
        <Navigation onGo={close} />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} className={classes.main}>
        <ConnectionBanner />
        <PhoneNotices />
        <div className={classes.page}>
          <Outlet />
        </div>
      </AppShell.Main>
      {callBar && (
        <AppShell.Footer className={classes.footer}>
          <CallBar />
        </AppShell.Footer>
      )}
      <RingAnnouncer />
      <SearchSpotlight />
      <Shortcuts />
    </AppShell>
  );
}
