import type { TFunction } from "i18next";
import { displayNumber } from "./format";

/** A page's own phone has a name that nobody gave it. */
const PAGE_PHONE = /^browser-[0-9a-f]{32}$/;

/** A leg's far end for people: a number, a desk phone's name, or that it was a browser. */
export function peerName(t: TFunction, peer: string): string {
  return PAGE_PHONE.test(peer) ? t("phones.kinds.browser") : displayNumber(peer);
}
