import { useTranslation } from "react-i18next";
import { exactly, when } from "./format";
import { serverClock } from "./serverClock";

/** A moment, short; the exact one on hover. */
export function When({ at }: { at: string }) {
  const { i18n } = useTranslation();
  return (
    <time dateTime={at} title={exactly(at, i18n.language)}>
      {when(at, i18n.language, serverClock.now())}
    </time>
  );
}
