/** Digits of a value that are told; those before the point all are. */
const digits = 5;

/** A value as people write it: of 12.345678 five digits, of 1234567 all. */
export function numberText(value: number): string {
  const before = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value))) + 1;
  // Far from 1, fixed decimals would be many zeros.
  if (before > 15 || before < -9) return String(Number(value.toPrecision(digits)));
  return String(Number(value.toFixed(Math.max(0, digits - before))));
}
