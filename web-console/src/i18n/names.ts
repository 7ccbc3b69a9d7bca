/** A language's name in the user's language; the code itself where the browser knows no name. */
export function languageName(code: string, inLanguage: string): string {
  try {
    return new Intl.DisplayNames([inLanguage], { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}

/** A country's name likewise; free text stays as it is. */
export function countryName(code: string, inLanguage: string): string {
  if (!/^[A-Za-z]{2}$/.test(code)) return code;
  try {
    return new Intl.DisplayNames([inLanguage], { type: "region" }).of(code.toUpperCase()) ?? code;
  } catch {
    return code;
  }
}
