/**
 * What the work makes of a text, once for each of the texts that were asked for last: so many of them are kept. The work
 * depends on nothing but the text.
 */
export function remember<T>(most: number, work: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const result = known.has(text) ? (known.get(text) as T) : work(text);
    known.delete(text); // the newest stand last
    known.set(text, result);
    const [oldest] = known.keys();
    if (known.size > most && oldest !== undefined) known.delete(oldest);
    return result;
  };
}
