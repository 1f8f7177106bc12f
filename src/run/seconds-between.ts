/** The guest's clock has hundredths of a second; the difference of two floats has more digits. */
export function secondsBetween(startS: number, endS: number): number {
  return Math.round((endS - startS) * 100) / 100;
}
