import { Button, Drawer, Stack } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Device, NewPhone, User } from "@/api/types";
import { Empty, Loadable } from "@/ui/Loadable";
import { PhoneCard } from "./PhoneCard";
import { PhoneForm } from "./PhoneForm";
import { PhoneSecret } from "./PhoneSecret";
import { usePhones } from "./phones";

/** The telephones of one user; `null` closes the drawer. */
export function PhonesDrawer({ user, close }: { user: User | null; close: () => void }) {
  const { t } = useTranslation();
  return (
    <Drawer
      opened={user !== null}
      onClose={close}
      position="right"
      // A click beside it would lose a password that is shown once.
      closeOnClickOutside={false}
      title={user ? t("phones.of", { name: user.display_name }) : ""}
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      {user && <Phones key={user.id} user={user} />}
    </Drawer>
  );
}

type Step = { show: "list" } | { show: "form" } | { show: "secret"; phone: NewPhone };

function Phones({ user }: { user: User }) {
  const query = usePhones(user.id);
  const [step, setStep] = useState<Step>({ show: "list" });
  const toList = () => setStep({ show: "list" });
  const toSecret = (phone: NewPhone) => setStep({ show: "secret", phone });
  if (step.show === "secret") return <PhoneSecret phone={step.phone} done={toList} />;
  return (
    <Loadable query={query}>
      {(phones) =>
        step.show === "form" ? (
          <PhoneForm user={user} phones={phones} cancel={toList} created={toSecret} />
        ) : (
          <PhoneList
            user={user}
            phones={phones}
            add={() => setStep({ show: "form" })}
            renewed={toSecret}
          />
        )
      }
    </Loadable>
  );
}

interface ListProps {
  user: User;
  phones: readonly Device[];
  add: () => void;
  renewed: (phone: NewPhone) => void;
}

function PhoneList({ user, phones, add, renewed }: ListProps) {
  const { t } = useTranslation();
  return (
    <Stack>
      {phones.length === 0 ? (
        <Empty title={t("phones.none")} hint={t("phones.none_hint")} />
      ) : (
        <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: "none" }}>
          {phones.map((phone) => (
            <PhoneCard key={phone.id} user={user.id} phone={phone} renewed={renewed} />
          ))}
        </Stack>
      )}
      <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={add}>
        {t("phones.new")}
      </Button>
    </Stack>
  );
}
