import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./Facts.module.css";

type Fact = readonly [label: string, value: ReactNode];

/** Names and values; what is not known is left out. */
export function Facts({ facts }: { facts: readonly Fact[] }) {
  const known = facts.filter(([, value]) => value !== null && value !== undefined && value !== "");
  if (known.length === 0) return null;
  return (
    <dl className={classes.facts}>
      {known.map(([label, value]) => (
        <div key={label} className={classes.fact}>
          <Text component="dt" size="sm" c="dimmed">
            {label}
          </Text>
          <Text component="dd" size="sm" className="tabular">
            {value}
          </Text>
        </div>
      ))}
    </dl>
  );
}
