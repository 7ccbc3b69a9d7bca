import { Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ContactRef, ScreenPop } from "@/api/types";
import { MaybeCaller } from "./MaybeCaller";
import { PopContactView } from "./PopContactView";
import { UnknownCaller } from "./UnknownCaller";

/** Who is calling: one we know, several it may be, or nobody we know yet. */
export function ScreenPopView({ pop, chosen }: { pop: ScreenPop; chosen: ContactRef | null }) {
  const { t } = useTranslation();
  const only = pop.contacts.length === 1 ? pop.contacts[0] : undefined;
  const contact = pop.contacts.find((each) => each.id === chosen?.id) ?? only;
  if (contact) return <PopContactView contact={contact} named={chosen?.id === contact.id} />;
  if (pop.contacts.length > 1) return <MaybeCaller pop={pop} />;
  return (
    <Stack gap="sm">
      <Text fw={600}>{t("pop.unknown", { number: pop.number_display })}</Text>
      <UnknownCaller pop={pop} />
    </Stack>
  );
}
