/** Numbers in [0, 1), the same ones for a seed on every machine: xorshift32 (Marsaglia 2003, triple 13, 17, 5). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
}
