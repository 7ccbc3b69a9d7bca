import i18next from "i18next";
import { initReactI18next } from "react-i18next";

export const LANGUAGES = ["en", "es", "zh"] as const;
export type Language = (typeof LANGUAGES)[number];

/** Each language in its own name: somebody lost in a foreign one still finds theirs. */
export const LANGUAGE_NAMES: Record<Language, string> = {
  en: "English",
  es: "Español",
  zh: "中文",
};

/** BCP 47 tags for `<html lang>`. */
const HTML_LANG: Record<Language, string> = { en: "en", es: "es", zh: "zh-Hans" };

const STORAGE_KEY = "centralita-language";

const loaders: Record<Language, () => Promise<{ default: Record<string, unknown> }>> = {
  en: () => import("./locales/en"),
  es: () => import("./locales/es"),
  zh: () => import("./locales/zh"),
};

export function isLanguage(value: unknown): value is Language {
  return LANGUAGES.includes(value as Language);
}

/** The first of the browser's languages that we speak, else English. */
export function pickLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const base = tag.toLowerCase().split("-")[0];
    if (isLanguage(base)) return base;
  }
  return "en";
}

function stored(): string | null {
  try {
    return localStorage.getItem(STORAGE_KEY);
  } catch {
    return null;
  }
}

async function load(language: Language): Promise<void> {
  if (i18next.hasResourceBundle(language, "translation")) return;
  const texts = await loaders[language]();
  i18next.addResourceBundle(language, "translation", texts.default);
}

/** Called once before the first paint, with what the browser or the last visit chose. */
export async function startTexts(): Promise<void> {
  const chosen = stored();
  const language = isLanguage(chosen) ? chosen : pickLanguage(navigator.languages);
  await i18next.use(initReactI18next).init({
    resources: {},
    lng: language,
    fallbackLng: "en",
    interpolation: { escapeValue: false },
    returnNull: false,
    react: { useSuspense: false },
  });
  await changeLanguage(language);
}

/** Switches every text; English stays underneath for a key that a translation lacks. */
export async function changeLanguage(language: Language): Promise<void> {
  await Promise.all([load("en"), load(language)]);
  await i18next.changeLanguage(language);
  document.documentElement.lang = HTML_LANG[language];
  try {
    localStorage.setItem(STORAGE_KEY, language);
  } catch {
    // The user's own setting on the hub still holds.
  }
}

/** The language on the screen. */
export function currentLanguage(): Language {
  return isLanguage(i18next.language) ? i18next.language : "en";
}
