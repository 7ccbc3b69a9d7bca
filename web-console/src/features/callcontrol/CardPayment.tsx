import { Button, CopyButton, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { isCardNumber } from "./card";

interface Props {
  opened: boolean;
  /** Nothing of the call is kept now. */
  paused: boolean;
  close: () => void;
}

/** A card's number, from the customer's mouth to the payment page: it is kept nowhere. */
export function CardPayment({ opened, paused, close }: Props) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t("recorder.card")}
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      {opened && (
        <Stack gap="sm" data-pauses-recording="card_payment">
          <Text size="sm" role="status">
            {t(paused ? "recorder.card_safe" : "recorder.card_wait")}
          </Text>
          <NumberField disabled={!paused} />
          <Group justify="flex-end">
            <Button onClick={close}>{t("recorder.card_done")}</Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}

function NumberField({ disabled }: { disabled: boolean }) {
  const { t } = useTranslation();
  const [number, setNumber] = useState("");
  const whole = isCardNumber(number);
  return (
    <Group align="flex-end" wrap="nowrap">
      <TextInput
        flex={1}
        label={t("recorder.card_number")}
        description={t("recorder.card_kept")}
        data-autofocus
        disabled={disabled}
        inputMode="numeric"
        autoComplete="off"
        spellCheck={false}
        value={number}
        error={number.length >= 12 && !whole ? t("recorder.card_wrong") : null}
        onChange={(event) => setNumber(event.currentTarget.value)}
      />
      <CopyButton value={number.replace(/\D/g, "")}>
        {({ copied, copy }) => (
          <Button variant="default" disabled={!whole} onClick={copy}>
            {t(copied ? "recorder.card_copied" : "recorder.card_copy")}
          </Button>
        )}
      </CopyButton>
    </Group>
  );
}
