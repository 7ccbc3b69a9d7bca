import { useTranslation } from "react-i18next";
import type { LegQuality } from "@/api/types";
import { clock } from "@/time/format";
import classes from "./CourseGraph.module.css";
import { coursePath, HEIGHT, STEP } from "./course";

/** Two points make a line. */
const WORTH_A_GRAPH = 2;

const MS_PER_S = 1_000;

/** A leg's scores from its beginning to its end, small. */
export function CourseGraph({ leg }: { leg: LegQuality }) {
  const { t, i18n } = useTranslation();
  const { mos, every_s } = leg.course;
  if (mos.length < WORTH_A_GRAPH) return null;
  const width = mos.length * STEP;
  const said = t("quality.course", {
    every: clock(every_s * MS_PER_S),
    lowest: leg.mos_lowest?.toLocaleString(i18n.language, { maximumFractionDigits: 1 }) ?? "–",
  });
  return (
    <svg
      className={classes.graph}
      viewBox={`0 0 ${width} ${HEIGHT}`}
      style={{ aspectRatio: `${width} / ${HEIGHT}` }}
      preserveAspectRatio="none"
      role="img"
      aria-label={said}
    >
      <title>{said}</title>
      <path d={coursePath(mos)} vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
