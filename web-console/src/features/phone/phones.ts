import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { answer, api } from "@/api/client";
import type { MyAgent } from "@/api/types";
import { useChoosePhone } from "@/features/agent/agent";

export type AgentPhone = MyAgent["phones"][number];

/** Stands in a list for the browser phone that the hub has not made yet. */
export const NEW_BROWSER_PHONE = "browser";

/** The phone that rings for this agent. */
export function chosenPhone(mine: MyAgent): AgentPhone | undefined {
  return mine.phones.find((phone) => phone.id === mine.phone_id);
}

/** Every phone to choose from, this browser first; what it is called, and whether it would ring. */
export function usePhoneChoices(mine: MyAgent): { value: string; label: string }[] {
  const { t } = useTranslation();
  const { phones } = mine;
  const browser = phones.find(({ kind }) => kind === "browser");
  return [
    // It registers when it is chosen: that it does not ring yet says nothing.
    { value: browser?.id ?? NEW_BROWSER_PHONE, label: t("phone.browser") },
    ...phones
      .filter(({ kind }) => kind !== "browser")
      .map(({ id, label, reachable }) => ({
        value: id,
        label: reachable ? label : t("agent.phone_unreachable", { label }),
      })),
  ];
}

/** Chooses by a value of [`usePhoneChoices`]; the hub makes the browser phone when it is first chosen. */
export function usePickPhone() {
  const choose = useChoosePhone();
  const make = useMutation({
    mutationFn: () => answer(api.POST("/api/v1/me/phone")),
    onSuccess: ({ id }) => choose.mutate(id),
  });
  return {
    pick: (value: string) => (value === NEW_BROWSER_PHONE ? make.mutate() : choose.mutate(value)),
    isPending: make.isPending || choose.isPending,
  };
}
