import { asError } from '../../core/errors.ts';

/** One line of the progress list: events fill it, whether or not the list has come to it yet. */
export class Stage {
  readonly finished: Promise<void>;
  #resolve!: () => void;
  #reject!: (error: Error) => void;
  #show: (line: string) => void = () => undefined;
  #retitle: (title: string) => void = () => undefined;
  #line: string | null = null;
  #title: string | null = null;

  constructor() {
    this.finished = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.finished.catch(() => undefined); // a stage that the list never comes to is nobody's to await
  }

  /** The list has come to this stage. */
  attach(show: (line: string) => void, retitle: (title: string) => void): void {
    this.#show = show;
    this.#retitle = retitle;
    if (this.#line !== null) show(this.#line);
    if (this.#title !== null) retitle(this.#title);
  }

  show(line: string): void {
    this.#line = line;
    this.#show(line);
  }

  done(title?: string): void {
    if (title !== undefined) {
      this.#title = title;
      this.#retitle(title);
    }
    this.#resolve();
  }

  /** Has no effect on a stage that is done. */
  fail(error: unknown): void {
    this.#reject(asError(error));
  }
}
