import { Button, Group, NumberInput, Popover } from "@mantine/core";
import { IconParking } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { usePickUp } from "./control";

/** Takes a call that a colleague has parked, by the number they told. */
export function PickUpButton() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [slot, setSlot] = useState<number | null>(null);
  const pickUp = usePickUp();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (slot !== null) pickUp.mutate(slot, { onSuccess: () => setOpen(false) });
  };
  return (
    <Popover opened={open} onChange={setOpen} trapFocus withArrow>
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconParking size={16} aria-hidden />}
          onClick={() => setOpen(!open)}
        >
          {t("control.pick_up")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t("control.pick_up")}>
        <form onSubmit={submit}>
          <Group align="flex-end" gap="xs" wrap="nowrap">
            <NumberInput
              label={t("control.slot")}
              data-autofocus
              w={120}
              min={0}
              allowDecimal={false}
              allowNegative={false}
              hideControls
              value={slot ?? ""}
              onChange={(value) => setSlot(typeof value === "number" ? value : null)}
            />
            <Button type="submit" loading={pickUp.isPending} disabled={slot === null}>
              {t("control.take")}
            </Button>
          </Group>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
