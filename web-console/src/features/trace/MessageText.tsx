import { Code } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { CallTrace } from "@/api/types";
import { precisely } from "@/time/format";
import classes from "./MessageText.module.css";

/** A message as it went, secrets removed. */
export function MessageText({ message }: { message: CallTrace["messages"][number] }) {
  const { t, i18n } = useTranslation();
  return (
    <section className={classes.frame} aria-label={t("trace.text", { summary: message.summary })}>
      <p className={classes.way}>
        {precisely(message.at, i18n.language)} · {message.from} → {message.to} ·{" "}
        {message.transport.toUpperCase()}
      </p>
      <Code block className={classes.text}>
        {message.text}
      </Code>
    </section>
  );
}
