import { useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./Ladder.module.css";
import { type Party, type Step, seconds } from "./ladder";
import { MessageText } from "./MessageText";
import { usePartyName, useStepText } from "./words";

/** Of one step, in pixels. */
const STEP_HEIGHT = 38;
/** A column's least: "100 Trying" between two. The stylesheet has the first column's. */
const COLUMN_WIDTH = 110;
const TIME_WIDTH = 80;
const ARROW_Y = 28;
const LABEL_Y = 20;

/** From here on a response says that something went wrong, or elsewhere (RFC 3261 section 7.2). */
const FIRST_BAD_CODE = 300;

const WHOLE_PCT = 100;

/** Columns and arrows; each arrow opens its message. */
export function Ladder({ parties, steps }: { parties: Party[]; steps: Step[] }) {
  const { t } = useTranslation();
  const name = usePartyName();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1).
    <section className={classes.scroll} aria-label={t("trace.as_ladder")} tabIndex={0}>
      <div style={{ minWidth: TIME_WIDTH + parties.length * COLUMN_WIDTH }}>
        <div className={`${classes.row} ${classes.top}`} aria-hidden>
          <span className={classes.time}>{t("trace.seconds")}</span>
          <div className={classes.heads}>
            {parties.map((party) => (
              <span key={party.key}>{name(party)}</span>
            ))}
          </div>
        </div>
        <ol className={classes.steps}>
          {steps.map((step, n) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: messages have no other name, and none moves.
            <Rung key={n} step={step} parties={parties} />
          ))}
        </ol>
      </div>
    </section>
  );
}

function Rung({ step, parties }: { step: Step; parties: Party[] }) {
  const { t, i18n } = useTranslation();
  const name = usePartyName();
  const [open, setOpen] = useState(false);
  const { message } = step;
  const text = useStepText()(step);
  const bad = (message.code ?? 0) >= FIRST_BAD_CODE;
  return (
    <li>
      <button
        type="button"
        className={classes.row}
        aria-expanded={open}
        aria-label={t("trace.step", {
          at: seconds(step.atMs, i18n.language),
          from: name(parties[step.from]),
          to: name(parties[step.to]),
          text,
        })}
        onClick={() => setOpen(!open)}
      >
        <span className={classes.time}>
          {seconds(step.atMs, i18n.language)}
          <span className={classes.delta}>+{seconds(step.deltaMs, i18n.language)}</span>
        </span>
        <Arrow step={step} columns={parties.length} label={text} bad={bad} />
      </button>
      {open && <MessageText message={message} />}
    </li>
  );
}

/** A column's middle, in percent of the width. */
function middle(column: number, columns: number): number {
  return ((column + 0.5) / columns) * WHOLE_PCT;
}

interface ArrowProps {
  step: Step;
  columns: number;
  label: string;
  bad: boolean;
}

function Arrow({ step, columns, label, bad }: ArrowProps) {
  const from = middle(step.from, columns);
  const to = middle(step.to, columns);
  const right = to >= from;
  return (
    <svg className={classes.arrow} height={STEP_HEIGHT} aria-hidden data-bad={bad || undefined}>
      {Array.from({ length: columns }, (_, column) => (
        <line
          // biome-ignore lint/suspicious/noArrayIndexKey: a column is its number.
          key={column}
          className={classes.life}
          x1={`${middle(column, columns)}%`}
          x2={`${middle(column, columns)}%`}
          y1={0}
          y2={STEP_HEIGHT}
        />
      ))}
      <line x1={`${from}%`} x2={`${to}%`} y1={ARROW_Y} y2={ARROW_Y} />
      <svg x={`${to}%`} y={ARROW_Y} overflow="visible" aria-hidden>
        <path d={right ? "M0 0l-8 -4v8z" : "M0 0l8 -4v8z"} />
      </svg>
      <text x={`${(from + to) / 2}%`} y={LABEL_Y} textAnchor="middle">
        {label}
      </text>
    </svg>
  );
}
