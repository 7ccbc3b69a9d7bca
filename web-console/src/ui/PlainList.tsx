import type { ReactNode } from "react";
import classes from "./PlainList.module.css";

/** A list without bullets whose lines may be cut short; each child is one line. */
export function PlainList({ children }: { children: ReactNode }) {
  return <ul className={classes.list}>{children}</ul>;
}
