import { useMantineColorScheme } from "@mantine/core";
import { type ReactNode, useEffect } from "react";
import { changeLanguage, isLanguage } from "@/i18n";
import { Failed, Waiting } from "@/ui/Loadable";
import { SignInPage } from "./SignInPage";
import { useSessionQuery } from "./session";

/** Shows the console to those who are signed in, the door to others; the address stays as it is. */
export function SessionGate({ children }: { children: ReactNode }) {
  const session = useSessionQuery();
  const { setColorScheme } = useMantineColorScheme();
  const user = session.data?.user;
  const theme = user?.theme;
  const locale = user?.locale ?? null;

  useEffect(() => {
    if (theme) setColorScheme(theme);
  }, [theme, setColorScheme]);
  useEffect(() => {
    if (isLanguage(locale)) void changeLanguage(locale);
  }, [locale]);

  if (session.data === undefined) {
    return session.isError ? (
      <main>
        <Failed error={session.error} retry={() => void session.refetch()} />
      </main>
    ) : (
      <Waiting />
    );
  }
  return session.data === null ? <SignInPage /> : children;
}
