/** Each after the one before it, for a terminal that is drawn takes some MB while it is. */
export async function oneByOne<A, B>(list: readonly A[], make: (each: A, index: number) => Promise<B>): Promise<B[]> {
  const made: B[] = [];
  for (const [index, each] of list.entries()) made.push(await make(each, index));
  return made;
}
