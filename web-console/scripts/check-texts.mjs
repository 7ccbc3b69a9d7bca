// The texts: the same keys and the same placeholders in every language, every key that the source
// names exists, and none is left that nothing asks for. `npm run check` runs this.

import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

const ROOT = join(import.meta.dirname, "../src/");
const LANGUAGES = ["en", "es", "zh"];

/** `{a: {b: "x"}}` → `Map {"a.b" → "x"}` */
export function flatten(value, prefix = "", into = new Map()) {
  for (const [key, inner] of Object.entries(value)) {
    const path = prefix ? `${prefix}.${key}` : key;
    if (typeof inner === "string") into.set(path, inner);
    else flatten(inner, path, into);
  }
  return into;
}

const placeholders = (text) =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)]
    .map(([, name]) => name)
    .sort()
    .join();

const files = (folder, wanted) =>
  readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name))
    .filter((name) => wanted.test(name));

export function readTexts() {
  const texts = Object.fromEntries(LANGUAGES.map((language) => [language, new Map()]));
  for (const file of files(`${ROOT}i18n/locales`, /\.json$/)) {
    flatten(JSON.parse(readFileSync(file, "utf8")), "", texts[basename(dirname(file))]);
  }
  return texts;
}

export function compare(texts) {
  const faults = [];
  for (const language of LANGUAGES) {
    for (const [key, english] of texts.en) {
      const text = texts[language].get(key);
      if (text === undefined) faults.push(`${language}: ${key} is missing`);
      else if (text.trim() === "") faults.push(`${language}: ${key} is empty`);
      else if (placeholders(text) !== placeholders(english))
        faults.push(`${language}: ${key} has other placeholders`);
    }
    for (const key of texts[language].keys()) {
      if (!texts.en.has(key)) faults.push(`${language}: ${key} is in no other language`);
    }
  }
  return faults;
}

/** Keys named in full, and the beginnings of those put together (`states.agent.${state}`). */
export function asked(source) {
  const whole = new Set();
  const starts = new Set();
  for (const [, key] of source.matchAll(/["'`]([a-z_]+(?:\.[a-z_]+)+)["'`]/g)) whole.add(key);
  for (const [, start] of source.matchAll(/`([a-z_]+(?:\.[a-z_]+)*[._])\$\{/g)) starts.add(start);
  return { whole, starts };
}

export function check() {
  const texts = readTexts();
  const faults = compare(texts);
  const source = files(ROOT, /\.tsx?$/)
    .filter((file) => !file.includes(".test.") && !file.endsWith("schema.d.ts"))
    .map((file) => readFileSync(file, "utf8"))
    .join("\n");
  const { whole, starts } = asked(source);
  const areas = new Set([...texts.en.keys()].map((key) => key.split(".")[0]));
  for (const key of whole) {
    const isText =
      areas.has(key.split(".")[0]) &&
      new RegExp(`\\bt\\(\\s*["'\`]${key.replaceAll(".", "\\.")}["'\`]`).test(source);
    if (isText && !texts.en.has(key)) faults.push(`the source asks for ${key}, which is no text`);
  }
  for (const key of texts.en.keys()) {
    if (!whole.has(key) && ![...starts].some((start) => key.startsWith(start)))
      faults.push(`nothing asks for ${key}`);
  }
  return faults;
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const faults = check();
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) process.exit(1);
  console.log(`Texts: ${readTexts().en.size} keys in ${LANGUAGES.length} languages.`);
}
