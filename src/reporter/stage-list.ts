import { forTerminal } from '../core/terminal-text.ts';
import { Listr, type DefaultRenderer, type ListrTask, type ListrTaskWrapper, type SimpleRenderer } from 'listr2';
import { Stage } from './stage.ts';

type Task = ListrTask<unknown, typeof DefaultRenderer, typeof SimpleRenderer>;
type TaskWrapper = ListrTaskWrapper<unknown, typeof DefaultRenderer, typeof SimpleRenderer>;

/** A line of a list: its key where it is a stage, its lines where it is a heading. */
export type ListLine =
  { readonly title: string; readonly key: string } | { readonly title: string; readonly lines: readonly ListLine[] };

/** A list of stages as it is drawn on a terminal, with listr2: what it is given is text, and only listr2 moves the cursor. */
export class StageList {
  readonly #stages = new Map<string, Stage>();
  readonly #tasks: Task[];

  constructor(lines: readonly ListLine[]) {
    this.#tasks = lines.map((line) => this.#task(line));
  }

  stage(key: string): Stage | undefined {
    return this.#stages.get(key);
  }

  /** Has no effect on the stages that are done. */
  fail(reason: string): void {
    for (const stage of this.#stages.values()) stage.fail(reason);
  }

  /** Draws it until every stage is done, or one has failed. */
  async draw(): Promise<void> {
    const list = new Listr<unknown, 'default', 'simple'>(this.#tasks, {
      concurrent: false,
      exitOnError: true,
      // listr2's own handler would end the process with nothing cleaned up; see Interrupts.
      registerSignalListeners: false,
      renderer: 'default',
      rendererOptions: { collapseSubtasks: false, showErrorMessage: false, collapseErrors: false },
    });
    await list.run().catch(() => undefined); // the error of a stage that failed is told elsewhere
  }

  #task(line: ListLine): Task {
    if ('lines' in line) {
      const tasks = line.lines.map((each) => this.#task(each));
      return { title: forTerminal(line.title), task: (_: unknown, task: TaskWrapper) => task.newListr(tasks) };
    }
    const stage = new Stage();
    this.#stages.set(line.key, stage);
    return {
      title: forTerminal(line.title),
      task: async (_: unknown, task: TaskWrapper) => {
        stage.attach(
          (text) => (task.output = forTerminal(text)),
          (title) => (task.title = forTerminal(title)),
        );
        await stage.finished;
      },
    };
  }
}
