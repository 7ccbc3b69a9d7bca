import { useTranslation } from "react-i18next";
import type { Phone } from "@/phone/browser/machine";
import type { ShapeName } from "@/ui/Shape";
import { Toned } from "@/ui/Toned";
import type { Tone } from "@/ui/tones";
import { usePhone } from "./PhoneProvider";

export type PhoneWord =
  | "connecting"
  | "registered"
  | "reconnecting"
  | "refused"
  | "elsewhere"
  | "in_call";

const LOOKS: Record<PhoneWord, readonly [ShapeName, Tone]> = {
  connecting: ["hourglass", "off"],
  registered: ["disc", "good"],
  reconnecting: ["hourglass", "alert"],
  refused: ["cross", "away"],
  elsewhere: ["ring", "off"],
  in_call: ["square", "busy"],
};

/** The one word for where the phone stands; `null` while another phone is chosen. */
export function phoneWord(phone: Phone): PhoneWord | null {
  switch (phone.kind) {
    case "off":
      return null;
    case "turn":
      return phone.taken ? "elsewhere" : "connecting";
    case "here": {
      const { link, line } = phone;
      if (link.kind === "registered") return line.kind === "talking" ? "in_call" : "registered";
      if (link.kind === "resting") return "refused";
      const again = link.kind === "registering" ? link.again : link.tries > 0;
      return again ? "reconnecting" : "connecting";
    }
  }
}

/** Whether a call would ring in this tab. */
export function PhoneMark() {
  const { t } = useTranslation();
  const handle = usePhone();
  const word = handle && phoneWord(handle.view.phone);
  const look = word && LOOKS[word];
  return (
    <div role="status">
      {look && (
        <Toned shape={look[0]} tone={look[1]} size="xs">
          {t(`phone.word.${word}`)}
        </Toned>
      )}
    </div>
  );
}
