import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Notice } from "./Notice";
import type { PhoneHandle } from "./PhoneProvider";

/** Another tab or browser has the phone: it comes here by a press, with a call only after a question. */
export function ElsewhereNotice({ handle: { phone, view } }: { handle: PhoneHandle }) {
  const { t } = useTranslation();
  const away = view.phone.kind === "turn" ? view.phone : null;
  const stay = () => phone.feed({ kind: "stay_away" });
  return (
    <>
      {away?.taken && (
        <Notice kind="info" title={t("phone.elsewhere")} text={t("phone.elsewhere_hint")}>
          <Button size="xs" onClick={() => phone.feed({ kind: "use_here" })}>
            {t("phone.use_here")}
          </Button>
        </Notice>
      )}
      <Modal
        opened={away?.confirm ?? false}
        onClose={stay}
        title={t("phone.take_call")}
        closeButtonProps={{ "aria-label": t("common.close") }}
      >
        <Stack>
          <Text size="sm">{t("phone.take_call_hint")}</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={stay} data-autofocus>
              {t("phone.leave_call")}
            </Button>
            <Button onClick={() => phone.feed({ kind: "use_here_anyway" })}>
              {t("phone.use_here")}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
