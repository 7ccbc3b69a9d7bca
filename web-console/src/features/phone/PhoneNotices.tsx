import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useMyAgent } from "@/features/agent/agent";
import { useMay } from "@/features/session/session";
import { openMicrophone, stopTracks } from "@/phone/browser/microphone";
import { ElsewhereNotice } from "./ElsewhereNotice";
import { Notice } from "./Notice";
import {
  askForNotices,
  declineNotices,
  useMicrophonePermission,
  useNoticePermission,
} from "./notices";
import { type PhoneHandle, usePhone } from "./PhoneProvider";
import { chosenPhone } from "./phones";

/** What keeps the browser phone from working, on every page, each with its remedy. */
export function PhoneNotices() {
  const may = useMay();
  return may("handle_calls") ? <Notices /> : null;
}

function Notices() {
  const { t } = useTranslation();
  const mine = useMyAgent();
  const handle = usePhone();
  if (!mine || chosenPhone(mine)?.kind !== "browser") return null;
  return (
    <div role="status">
      {handle ? (
        <>
          <ElsewhereNotice handle={handle} />
          <Troubles handle={handle} />
          <Wishes handle={handle} />
        </>
      ) : (
        <Notice kind="trouble" title={t("phone.insecure")} text={t("phone.insecure_hint")} />
      )}
    </div>
  );
}

function Troubles({ handle: { phone, view } }: { handle: PhoneHandle }) {
  const { t } = useTranslation();
  const line = view.phone.kind === "here" ? view.phone.line : null;
  const trouble = (line?.kind === "ringing" ? line.trouble : null) ?? view.trouble;
  return (
    <>
      {trouble && (
        <Notice
          kind="trouble"
          title={t(`phone.microphone.${trouble}`)}
          text={t(`phone.microphone.${trouble}_hint`)}
        />
      )}
      {view.playback === "blocked" && (
        <Notice kind="trouble" title={t("phone.blocked")} text={t("phone.blocked_hint")}>
          <Button size="xs" onClick={() => phone.hear()}>
            {t("phone.hear")}
          </Button>
        </Notice>
      )}
      {view.problem && (
        <Notice
          kind="trouble"
          title={t("phone.no_credentials")}
          text={t([`errors.${view.problem}`, "errors.internal"])}
        />
      )}
    </>
  );
}

/** Asked before the first call, and by a press: no caller waits for a question. */
function Wishes({ handle: { view } }: { handle: PhoneHandle }) {
  const { t } = useTranslation();
  const microphone = useMicrophonePermission();
  const notices = useNoticePermission();
  if (view.phone.kind !== "here" || view.phone.line.kind !== "idle") return null;
  if (microphone === "prompt") {
    return (
      <Notice
        kind="info"
        title={t("phone.allow_microphone")}
        text={t("phone.allow_microphone_hint")}
      >
        <Button
          size="xs"
          onClick={() => void openMicrophone(null).then(stopTracks, () => undefined)}
        >
          {t("phone.allow")}
        </Button>
      </Notice>
    );
  }
  if (notices !== "ask") return null;
  return (
    <Notice kind="info" title={t("phone.allow_notices")} text={t("phone.allow_notices_hint")}>
      <Button size="xs" onClick={() => void askForNotices()}>
        {t("phone.allow")}
      </Button>
      <Button size="xs" variant="default" onClick={declineNotices}>
        {t("phone.no_thanks")}
      </Button>
    </Notice>
  );
}
