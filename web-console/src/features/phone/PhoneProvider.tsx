import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useState,
  useSyncExternalStore,
} from "react";
import { answer, api } from "@/api/client";
import { useMyAgent } from "@/features/agent/agent";
import { useMay, useSession } from "@/features/session/session";
import { BrowserPhone, type PhoneView } from "@/phone/browser/BrowserPhone";
import { BrowserTabs } from "@/phone/browser/tabs";
import { serverClock } from "@/time/serverClock";
import { chosenPhone } from "./phones";

const PhoneContext = createContext<BrowserPhone | null>(null);

/** The browser phone of somebody who handles calls, for as long as they are signed in. */
export function PhoneProvider({ children }: { children: ReactNode }) {
  const may = useMay();
  const { user } = useSession();
  // On plain http there are neither locks nor a microphone, loopback excepted (Secure Contexts).
  const able = may("handle_calls") && window.isSecureContext && "locks" in navigator;
  return able ? <Holder userId={user.id}>{children}</Holder> : children;
}

function Holder({ userId, children }: { userId: string; children: ReactNode }) {
  const [phone, setPhone] = useState<BrowserPhone | null>(null);
  useEffect(() => {
    const made = new BrowserPhone({
      askCredentials: () => answer(api.POST("/api/v1/me/phone")),
      loadEndpoint: async () => (await import("@/phone/browser/sipEndpoint")).sipEndpoint,
      tabs: (tell, isBusy) => new BrowserTabs(`centralita-phone-${userId}`, tell, isBusy),
      now: () => serverClock.now(),
    });
    setPhone(made);
    return () => made.close();
  }, [userId]);

  const mine = useMyAgent();
  // While it is not known which phone is chosen, nothing changes: a lost connection must not unregister.
  const wanted = mine && chosenPhone(mine)?.kind === "browser";
  useEffect(() => {
    if (wanted !== undefined) phone?.want(wanted);
  }, [phone, wanted]);
  return <PhoneContext value={phone}>{children}</PhoneContext>;
}

/** For tests: a phone of their own making. */
export const PhoneContextProvider = PhoneContext.Provider;

export interface PhoneHandle {
  phone: BrowserPhone;
  view: PhoneView;
}

const noChange = () => () => undefined;

/** This tab's phone and what it shows; `null` where there can be none. */
export function usePhone(): PhoneHandle | null {
  const phone = useContext(PhoneContext);
  const view = useSyncExternalStore(
    phone?.view.listen ?? noChange,
    () => phone?.view.get() ?? null,
  );
  return phone && view && { phone, view };
}
