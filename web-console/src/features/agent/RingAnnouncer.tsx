import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useCallNotice } from "@/features/phone/notices";
import { useOffer } from "@/features/phone/offer";
import { useMay } from "@/features/session/session";
import { useDeviceChoice } from "@/phone/browser/devices";
import { useDocumentNotice } from "@/ui/useDocumentName";
import { useShortcut } from "@/ui/useShortcut";
import { useMyAgent } from "./agent";
import { startRinging, useRingSound } from "./ringSound";

/** A ringing call is said, heard, in the window's title and outside of it, whatever page is open. */
export function RingAnnouncer() {
  const may = useMay();
  return may("handle_calls") ? <Announcer /> : null;
}

function Announcer() {
  const { t } = useTranslation();
  const offer = useOffer(useMyAgent());
  const { on } = useRingSound();
  const { ringer } = useDeviceChoice();
  const text = offer ? t("call.rings", { name: offer.from }) : "";
  useDocumentNotice(text);
  useCallNotice(offer?.sounds ? text : "");

  const sounds = offer?.sounds ?? false;
  useEffect(() => (sounds && on ? startRinging(ringer) : undefined), [sounds, on, ringer]);

  useShortcut(["a", "A"], () => offer?.answer?.(), { enabled: Boolean(offer?.answer) });
  return (
    <div role="alert" className="visually-hidden">
      {text}
    </div>
  );
}
