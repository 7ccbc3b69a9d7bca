import { Button, type ButtonProps, Menu } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconPhoneCall } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { answer, api } from "@/api/client";
import type { TestCallScenario } from "@/api/types";
import { useMay, useSession } from "@/features/session/session";
import { displayNumber } from "@/phone/format";

const SCENARIOS: readonly TestCallScenario[] = ["known", "maybe", "unknown"];

/** On a demo hub: an invented customer calls in, a real call over loopback. */
export function TestCallButton(props: ButtonProps) {
  const { t } = useTranslation();
  const may = useMay();
  const { hub } = useSession();
  const place = useMutation({
    mutationFn: (scenario: TestCallScenario) =>
      answer(api.POST("/api/v1/demo/test-calls", { body: { scenario } })),
    onSuccess: ({ caller, name }) =>
      notifications.show({
        title: t("test_call.placed"),
        message: [name, displayNumber(caller)].filter(Boolean).join(" · "),
      }),
  });
  if (!hub.demo || !may("place_test_calls")) return null;
  return (
    <Menu>
      <Menu.Target>
        <Button
          leftSection={<IconPhoneCall size={16} aria-hidden />}
          loading={place.isPending}
          {...props}
        >
          {t("test_call.place")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t("test_call.who")}</Menu.Label>
        {SCENARIOS.map((scenario) => (
          <Menu.Item key={scenario} onClick={() => place.mutate(scenario)}>
            {t(`test_call.${scenario}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
