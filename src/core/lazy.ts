/** Does the work when its result is first asked for, and once. */
export function lazy<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | null = null;
  return () => (result ??= work());
}
