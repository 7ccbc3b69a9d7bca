import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { ModalsProvider } from "@mantine/modals";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider, useQuery } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { type ReactNode, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { keys } from "@/api/keys";
import type { Session } from "@/api/types";
import { PhoneProvider } from "@/features/phone/PhoneProvider";
import { SessionGate } from "@/features/session/SessionGate";
import { LiveProvider } from "@/live/LiveProvider";
import { queryClient } from "./cache";
import { router } from "./router";
import { cssVariables, themeFor } from "./theme";

/** The same name as in `public/boot.js`, which reads it before anything is painted. */
const colorSchemes = localStorageColorSchemeManager({ key: "centralita-color-scheme" });

function Look({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const session = useQuery<Session | null>({ queryKey: keys.session, enabled: false }).data;
  const density = session?.user.density ?? "comfortable";
  const theme = useMemo(() => themeFor(density), [density]);
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      colorSchemeManager={colorSchemes}
      defaultColorScheme="auto"
    >
      <ModalsProvider labels={{ confirm: t("common.confirm"), cancel: t("common.cancel") }}>
        <Notifications position="top-right" limit={4} />
        {children}
      </ModalsProvider>
    </MantineProvider>
  );
}

export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <Look>
        <SessionGate>
          <LiveProvider>
            <PhoneProvider>
              <RouterProvider router={router} />
            </PhoneProvider>
          </LiveProvider>
        </SessionGate>
      </Look>
    </QueryClientProvider>
  );
}
