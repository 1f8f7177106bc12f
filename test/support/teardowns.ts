/** What undoes things when it ends: a test, or a whole file of tests (ava's hooks have no teardown of their own). */
export interface Teardowns {
  teardown(undo: () => unknown): void;
}

/** Teardowns of a whole file, which run when they are told to; what was begun last is undone first. */
export class FileTeardowns implements Teardowns {
  readonly #undos: (() => unknown)[] = [];

  teardown(undo: () => unknown): void {
    this.#undos.push(undo);
  }

  async end(): Promise<void> {
    for (let undo = this.#undos.pop(); undo !== undefined; undo = this.#undos.pop()) await undo();
  }
}
