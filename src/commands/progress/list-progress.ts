import { join } from 'node:path';
import { Listr, type ListrTask, type ListrTaskWrapper, type DefaultRenderer, type VerboseRenderer } from 'listr2';
import { layout } from '../../evidence/layout.ts';
import type { ReportResult } from '../../report/write-report.ts';
import type { RunEvent } from '../../run/events.ts';
import type { RunOutcome } from '../../run/run-study.ts';
import type { Experiment, Study } from '../../study/schema.ts';
import { describeDifferences } from '../describe-event.ts';
import type { Progress } from './progress.ts';
import { Stage } from './stage.ts';

type TaskWrapper = ListrTaskWrapper<unknown, typeof DefaultRenderer, typeof VerboseRenderer>;

const bootPhases = {
  loading: 'loading the image',
  restoring: 'restoring the clean snapshot of the kept machine',
  booting: 'booting',
  connecting: 'connecting by SSH',
} as const;
const pushing = 'push';
const asking = 'facts';

/** A list of what is to be done, with what is being done just now; plain lines where there is no terminal, or in CI. */
export class ListProgress implements Progress {
  readonly #stages = new Map<string, Stage>();
  readonly #drawn: Promise<unknown>;
  #command = '';
  /** The guests that did not start. */
  #inPlaceOf = '';
  #step = '';
  #warning = '';

  constructor(study: Study, experiments: readonly Experiment[]) {
    const tasks: ListrTask<unknown, typeof DefaultRenderer, typeof VerboseRenderer>[] = [
      this.#task('boot', 'Boot the guest'),
      this.#task(pushing, 'Push the scripts'),
      ...experiments.map((experiment) => ({
        title: `${experiment.section} ${experiment.title.en}`,
        task: (_: unknown, task: TaskWrapper) =>
          task.newListr(experiment.steps.map((step) => this.#task(stageKey(experiment.id, step.id), step.title.en))),
      })),
      this.#task(asking, 'Ask the guest what it is'),
      this.#task('report', 'Write the report'),
    ];
    const plain = !process.stdout.isTTY || process.env['CI'] !== undefined;
    const list = new Listr<unknown, 'default', 'verbose'>(tasks, {
      concurrent: false,
      exitOnError: true,
      // listr2's own handler would end the process with nothing cleaned up; see Interrupts.
      registerSignalListeners: false,
      renderer: 'default',
      fallbackRenderer: 'verbose',
      fallbackRendererCondition: plain,
      rendererOptions: { collapseSubtasks: false, showErrorMessage: false, collapseErrors: false },
      fallbackRendererOptions: { logTitleChange: false },
    });
    process.stdout.write(`${study.paper.title.en} (${study.paper.year})\n`);
    this.#drawn = list.run().catch(() => undefined); // a stage that failed is reported by its own error
  }

  notify = (event: RunEvent): void => {
    switch (event.kind) {
      case 'boot':
        this.#stage('boot').show(bootPhases[event.phase]);
        break;
      case 'guest-note':
        this.#stage('boot').show(event.text.split('\n', 1)[0] ?? '');
        break;
      case 'guest-ready':
        this.#stage('boot').done(`Boot the guest: ${event.guest} (${event.provider})${this.#inPlaceOf}`);
        break;
      case 'guest-failed': {
        const [reason = ''] = event.reason.split('\n', 1);
        this.#inPlaceOf += `, in place of ${event.guest}: ${reason}`;
        this.#stage('boot').show(`${event.guest} does not start: ${reason}`);
        break;
      }
      case 'step-start':
        this.#step = stageKey(event.experiment, event.step);
        break;
      case 'command-start':
        this.#command = event.command;
        this.#stages.get(this.#step)?.show(`$ ${event.command}`);
        break;
      case 'output':
        this.#stages.get(this.#step)?.show(`$ ${this.#command}  ${event.line}`);
        break;
      case 'step-end':
        this.#stages.get(stageKey(event.experiment, event.step))?.done();
        break;
      case 'experiment-start':
        this.#stage(pushing).done();
        break;
      case 'facts-start':
        this.#stage(asking).show('release, kernel, versions of the tools');
        break;
      case 'facts-end':
        this.#stage(asking).done();
        break;
      case 'machine-differs':
        this.#warning = describeDifferences(event.differences);
        break;
      case 'command-end':
      case 'experiment-end':
        break;
    }
  };

  async report(make: () => Promise<ReportResult>): Promise<ReportResult> {
    const result = await make();
    this.#stages.get('report')?.done();
    return result;
  }

  async end(outcome: RunOutcome): Promise<void> {
    if (outcome.state === 'partial') for (const stage of this.#stages.values()) stage.fail(outcome.error);
    await this.#drawn;
  }

  result(folder: string, { summary }: ReportResult, outcome: RunOutcome): void {
    if (this.#warning !== '') process.stderr.write(this.#warning);
    process.stdout.write(`\n${summary.headline}\n`);
    if (outcome.state === 'partial') process.stdout.write('The run is partial; what was captured is kept.\n');
    process.stdout.write(`Report: ${join(folder, layout.report('en'))}\nPage: ${join(folder, layout.page('en'))}\n`);
  }

  #task(key: string, title: string): ListrTask<unknown, typeof DefaultRenderer, typeof VerboseRenderer> {
    const stage = new Stage();
    this.#stages.set(key, stage);
    return {
      title,
      task: async (_, task) => {
        stage.attach(
          (line) => (task.output = line),
          (newTitle) => (task.title = newTitle),
        );
        await stage.finished;
      },
    };
  }

  #stage(key: string): Stage {
    const stage = this.#stages.get(key);
    if (stage === undefined) throw new Error(`no stage '${key}'`);
    return stage;
  }
}

function stageKey(experiment: string, step: string): string {
  return `${experiment}/${step}`;
}
