/** Country calling codes of one and of two digits (ITU-T E.164 list of 2024); all others have three. */
const ONE_DIGIT = /^[17]/;
const TWO_DIGITS = /^(20|27|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/;

/** A number grouped for reading: `+34910000100` → `+34 910 000 100`. What is not E.164 stays as it is. */
export function displayNumber(number: string): string {
  if (!/^\+\d{7,15}$/.test(number)) return number;
  const digits = number.slice(1);
  const codeLength = ONE_DIGIT.test(digits) ? 1 : TWO_DIGITS.test(digits) ? 2 : 3;
  return `+${digits.slice(0, codeLength)} ${groups(digits.slice(codeLength)).join(" ")}`;
}

/** Threes from the left; a rest of one digit joins its neighbour as a group of four. */
function groups(digits: string): string[] {
  const parts = digits.match(/\d{1,3}/g) ?? [];
  const last = parts.at(-1);
  const before = parts.at(-2);
  if (last !== undefined && before !== undefined && last.length === 1) {
    return [...parts.slice(0, -2), before + last];
  }
  return parts;
}
