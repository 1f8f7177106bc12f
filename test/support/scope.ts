/** What undoes things when it ends: a test, or a whole file of tests (ava's hooks have no teardown of their own). */
export interface Scope {
  teardown(undo: () => unknown): void;
}

/** A scope that ends when it is told to; what was begun last is undone first. */
export class LongScope implements Scope {
  readonly #undos: (() => unknown)[] = [];

  teardown(undo: () => unknown): void {
    this.#undos.push(undo);
  }

  async end(): Promise<void> {
    for (let undo = this.#undos.pop(); undo !== undefined; undo = this.#undos.pop()) await undo();
  }
}
