/** One word for a POSIX shell (POSIX.1-2017, 2.2.2: within single quotes nothing is special). */
export function shellQuote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
