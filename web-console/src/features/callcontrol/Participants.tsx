import { Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { LiveCall, Participant } from "@/api/types";
import { useSession } from "@/features/session/session";
import { displayNumber } from "@/phone/format";
import { PlainList } from "@/ui/PlainList";
import { Toned } from "@/ui/Toned";
import { useTeam } from "./team";

/** Two are the customer and I: then the page says it already. */
const WORTH_A_LIST = 3;

/** Everybody in the call, and whether they are there yet. */
export function Participants({ call }: { call: LiveCall }) {
  const { t } = useTranslation();
  const { user } = useSession();
  const team = useTeam();
  if (call.participants.length < WORTH_A_LIST) return null;
  const name = (one: Participant) => {
    if (one.user_id === user.id) return t("control.me");
    if (one.kind === "customer") return call.contact?.name ?? displayNumber(one.peer);
    // A colleague's phone has a name of its own, which nobody knows.
    const colleague = team?.colleagues.find(({ id }) => id === one.user_id);
    return colleague?.display_name ?? displayNumber(one.peer);
  };
  return (
    <section aria-label={t("control.participants")}>
      <PlainList>
        {call.participants.map((one) => (
          <li key={one.leg_id}>
            <Group gap="sm" wrap="nowrap">
              <Text size="sm" fw={500} truncate className="tabular">
                {name(one)}
              </Text>
              <Text size="xs" c="dimmed">
                {t(`control.participant.${one.kind}`)}
              </Text>
              <Toned
                shape={one.answered ? "square" : "triangle"}
                tone={one.answered ? "busy" : "alert"}
                size="xs"
              >
                {t(one.answered ? "control.in_call" : "control.rings")}
              </Toned>
            </Group>
          </li>
        ))}
      </PlainList>
    </section>
  );
}
