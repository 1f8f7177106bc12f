/** Measures the parts of a run by the host's monotonic clock, in ms, and lists them in the order of their ends. */
export class Stopwatch {
  readonly #timings: { part: string; ms: number }[];

  constructor(timings: { part: string; ms: number }[]) {
    this.#timings = timings;
  }

  async time<T>(part: string, work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      return await work();
    } finally {
      this.#timings.push({ part, ms: Math.round(performance.now() - start) });
    }
  }
}
