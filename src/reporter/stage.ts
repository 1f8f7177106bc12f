/** One line of a list: events fill it, whether or not the list has come to it yet. */
export class Stage {
  readonly finished: Promise<void>;
  #resolve!: () => void;
  #reject!: (error: Error) => void;
  #show: (line: string) => void = () => undefined;
  #retitle: (title: string) => void = () => undefined;
  #line: string | null = null;
  #title: string | null = null;
  #isToShow = false;

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

  /** Of many lines at once only the last is drawn: each drawing costs more than a line that a command prints. */
  show(line: string): void {
    this.#line = line;
    if (this.#isToShow) return;
    this.#isToShow = true;
    setImmediate(() => {
      this.#isToShow = false;
      this.#show(this.#line ?? '');
    });
  }

  done(title?: string): void {
    if (title !== undefined) {
      this.#title = title;
      this.#retitle(title);
    }
    this.#resolve();
  }

  /** Has no effect on a stage that is done. */
  fail(reason: string): void {
    this.#reject(new Error(reason));
  }
}
