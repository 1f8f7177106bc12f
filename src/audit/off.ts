/** Something that is off: a path in the run's folder, with the line where there is one, and a clause that says what. */
export interface Off {
  readonly file: string;
  readonly what: string;
}

/** The number, from 1, of the first line that differs; of the first that one of them lacks where there is none. */
export function lineOfDifference(a: readonly string[], b: readonly string[]): number {
  const index = b.findIndex((line, at) => line !== a[at]);
  return (index < 0 ? b.length : index) + 1;
}
