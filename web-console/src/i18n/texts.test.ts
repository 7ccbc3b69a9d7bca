import { describe, expect, it } from "vitest";
// The same check that `npm run check` runs.
import { asked, check, compare, readTexts } from "../../scripts/check-texts.mjs";
import { pickLanguage } from "./index";

describe("the texts", () => {
  it("are whole in every language, and each is asked for", () => {
    expect(readTexts().en?.size).toBeGreaterThan(300);
    expect(check()).toEqual([]);
  });

  it("are found lacking when a key, a placeholder or a text is missing", () => {
    const texts = {
      en: new Map([
        ["a.b", "{{n}} calls"],
        ["a.c", "Yes"],
        ["a.d", "No"],
      ]),
      es: new Map([
        ["a.b", "llamadas"],
        ["a.c", " "],
        ["a.x", "?"],
      ]),
      zh: new Map([
        ["a.b", "{{n}}"],
        ["a.c", "是"],
        ["a.d", "否"],
      ]),
    };
    expect(compare(texts)).toEqual([
      "es: a.b has other placeholders",
      "es: a.c is empty",
      "es: a.d is missing",
      "es: a.x is in no other language",
    ]);
  });

  it("are found in the source whole and put together", () => {
    const hole = "$" + "{x}";
    const { whole, starts } = asked(
      `t("a.b"); t(\`states.agent.${hole}\`); t(\`way.call_${hole}\`)`,
    );
    expect([...whole]).toEqual(["a.b"]);
    expect([...starts]).toEqual(["states.agent.", "way.call_"]);
  });
});

describe("the language", () => {
  it("is the first of the browser's that we speak", () => {
    expect(pickLanguage(["fr-FR", "es-MX", "en"])).toBe("es");
    expect(pickLanguage(["zh-Hant-TW"])).toBe("zh");
    expect(pickLanguage(["fr", "de"])).toBe("en");
    expect(pickLanguage([])).toBe("en");
  });
});
