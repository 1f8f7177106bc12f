const significantDigits = 5;

/** A measured number for people: five significant digits, whole where it is, and the same wherever one looks. */
export function numberText(value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  return String(Number(value.toPrecision(significantDigits)));
}
