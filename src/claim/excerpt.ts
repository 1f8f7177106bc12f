/** The beginning of a text that may be megabytes long, as a line of a capture may; whole characters (code points). */
export function excerpt(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  return `${Array.from(text.slice(0, 2 * maxCharacters))
    .slice(0, maxCharacters)
    .join('')}…`;
}
