import { notifications } from "@mantine/notifications";
import i18next from "i18next";
import { createQueryClient } from "@/api/queryClient";
import { problemText } from "@/i18n/problems";

/** Problems that no form shows are said at the edge of the screen, until they are closed. */
export const queryClient = createQueryClient((error) =>
  notifications.show({
    color: "red",
    title: i18next.t("errors.title"),
    message: problemText(i18next.t, error),
    withBorder: true,
    closeButtonProps: { "aria-label": i18next.t("common.close") },
  }),
);
