/** Digits of a card's number (ISO/IEC 7812-1). */
const SHORTEST = 12;
const LONGEST = 19;

/** Whether it can be a card's number: its length, and the check digit (ISO/IEC 7812-1 annex B). */
export function isCardNumber(typed: string): boolean {
  const digits = typed.replace(/[\s-]/g, "");
  if (!/^\d+$/.test(digits) || digits.length < SHORTEST || digits.length > LONGEST) return false;
  const sum = [...digits].reverse().reduce((total, digit, place) => {
    const value = Number(digit) * (place % 2 === 1 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
