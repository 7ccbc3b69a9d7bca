import { Group, Paper, SimpleGrid, Text, Title, UnstyledButton } from "@mantine/core";
import {
  IconBuildingBroadcastTower,
  IconEyeCheck,
  IconHeadset,
  IconSettings,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Hub } from "@/api/types";
import classes from "./DemoLogins.module.css";

type DemoLogin = NonNullable<Hub["demo_logins"]>[number];

const ROLE_ICONS: Record<string, typeof IconHeadset> = {
  agent: IconHeadset,
  supervisor: IconEyeCheck,
  admin: IconSettings,
  marketer: IconBuildingBroadcastTower,
};

interface Props {
  logins: readonly DemoLogin[];
  busy: boolean;
  choose: (login: DemoLogin) => void;
}

/** On a demo hub the people are invented, so their doors stand open: one click each. */
export function DemoLogins({ logins, busy, choose }: Props) {
  const { t } = useTranslation();
  return (
    <section aria-labelledby="demo-logins">
      <Title id="demo-logins" order={2} size="h5" mt="xl" mb={4}>
        {t("sign_in.demo_title")}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {t("sign_in.demo_hint")}
      </Text>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs">
        {logins.map((login) => {
          const Icon = ROLE_ICONS[login.role] ?? IconHeadset;
          return (
            <UnstyledButton key={login.email} disabled={busy} onClick={() => choose(login)}>
              <Paper p="sm" className={classes.card}>
                <Group gap="sm" wrap="nowrap">
                  <Icon size={22} stroke={1.6} aria-hidden className={classes.icon} />
                  <div style={{ minWidth: 0 }}>
                    <Text size="sm" fw={600} truncate>
                      {login.display_name}
                    </Text>
                    <Text size="xs" c="dimmed" truncate>
                      {t(`roles.${login.role}`, { defaultValue: login.role })}
                    </Text>
                  </div>
                </Group>
              </Paper>
            </UnstyledButton>
          );
        })}
      </SimpleGrid>
    </section>
  );
}
