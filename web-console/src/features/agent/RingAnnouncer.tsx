import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/features/session/session";
import { useDocumentNotice } from "@/ui/useDocumentName";
import { useShortcut } from "@/ui/useShortcut";
import { useCallAction, useMyAgent } from "./agent";
import { startRinging, useRingSound } from "./ringSound";
import { farName } from "./who";

/** A ringing call is said, heard and in the window's title, whatever page is open. */
export function RingAnnouncer() {
  const may = useMay();
  return may("handle_calls") ? <Announcer /> : null;
}

function Announcer() {
  const { t } = useTranslation();
  const mine = useMyAgent();
  const act = useCallAction();
  const { on } = useRingSound();
  const call = mine?.agent.state === "offered" ? mine.current : null;
  const text = call ? t("call.rings", { name: farName(call) }) : "";
  useDocumentNotice(text);

  const ringing = Boolean(call);
  useEffect(() => (ringing && on ? startRinging() : undefined), [ringing, on]);

  const demoPhone = mine?.phones.find((phone) => phone.id === mine.phone_id)?.kind === "demo";
  useShortcut(["a", "A"], () => call && act.mutate({ call: call.id, action: "answer" }), {
    enabled: ringing && demoPhone,
  });
  return (
    <div role="alert" className="visually-hidden">
      {text}
    </div>
  );
}
