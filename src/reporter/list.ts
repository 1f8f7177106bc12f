import type { OutputLine, RunStart, StepPlace, ToldEvent } from '../run/events.ts';
import { GuestClock } from './guest-clock.ts';
import { makeReporter as makePlainReporter } from './plain.ts';
import type { Reporter, ReporterContext } from './reporter.ts';
import { StageList } from './stage-list.ts';
import {
  bootText,
  chosenText,
  differencesText,
  downloadText,
  failureText,
  experimentTitle,
  firstLine,
  keptText,
  leftText,
  paperTitle,
  partTitles,
  readyText,
  reportTitle,
  resultText,
  skippedText,
} from './words.ts';

const reportKey = 'report';
const downloadKey = 'download';

/** A list of what is to be done, with what is being done just now. */
class ListReporter implements Reporter {
  readonly #context: ReporterContext;
  /** Settles when what was written and drawn until now is on the screen. */
  #screen: Promise<void> = Promise.resolve();
  #start: RunStart | null = null;
  #list = new StageList([]);
  readonly #clock = new GuestClock();
  #command = '';
  /** The numbers of the processes in the background: what they print comes when other steps are shown. */
  readonly #background = new Set<number>();
  /** The guests that did not start. */
  #inPlaceOf = '';
  /** What went otherwise than planned: it stays on the screen, where the lines of the start do not. */
  #notes = '';
  #warning = '';
  /** The first command of the step that failed unexpectedly, in words. */
  #failure: string | null = null;

  /** Of the steps that say more than their title. */
  readonly #titles = new Map<string, string>();

  constructor(context: ReporterContext) {
    this.#context = context;
  }

  hear(event: ToldEvent): void | Promise<void> {
    this.#clock.hear(event);
    switch (event.kind) {
      case 'run-start':
        this.#start = event;
        break;
      case 'download-start':
        return this.#draw(new StageList([{ title: downloadText(event), key: downloadKey }]));
      case 'download-progress':
        this.#show(downloadKey, event.text);
        break;
      case 'download-end':
        if (event.state === 'failed') this.#list.fail('it cannot be had');
        else this.#list.stage(downloadKey)?.done();
        return this.#screen;
      case 'guest-chosen':
        if (event.asked === 'auto') void this.#write(chosenText(event));
        return this.#begin();
      case 'machine-differs':
        this.#warning = differencesText(event.differences);
        break;
      case 'report-end':
        this.#list.stage(reportKey)?.done();
        if (this.#warning !== '') void this.#write(this.#warning, this.#context.stderr);
        return this.#write(resultText(event));
      case 'kept':
        return this.#write(keptText(event));
      case 'run-end':
      case 'exit':
        if (event.failure !== null) this.#list.fail(event.failure.message);
        break;
      default:
        this.#fill(event);
    }
  }

  close(): Promise<void> {
    this.#list.fail('the run is over');
    return this.#screen;
  }

  /** Fills the list. */
  #fill(event: ToldEvent): void {
    switch (event.kind) {
      case 'boot':
        this.#show('boot', bootText(event));
        break;
      case 'guest-note':
        this.#notes += `; ${firstLine(event.text)}`;
        this.#show('boot', firstLine(event.text));
        break;
      case 'guest-failed': {
        const reason = firstLine(event.reason);
        this.#inPlaceOf += `, in place of ${event.guest}: ${reason}`;
        this.#show('boot', `${event.guest} does not start: ${reason}`);
        break;
      }
      case 'guest-ready': {
        const { name, provider } = event.guest;
        this.#list.stage('boot')?.done(`${partTitles.boot}: ${name} (${provider})${this.#inPlaceOf}${this.#notes}`);
        break;
      }
      case 'part-start':
        if (event.part === 'facts') this.#show('facts', 'release, kernel, versions of the tools');
        break;
      case 'part-end':
        if (event.state === 'done' && event.part !== 'boot') this.#list.stage(event.part)?.done();
        break;
      case 'command-start':
        if (event.purpose !== 'study') break;
        this.#command = event.command;
        this.#show(stepKey(event.experiment, event.step), `$ ${event.command}`);
        break;
      case 'experiment-skipped': {
        const experiment = this.#start?.experiments.find(({ id }) => id === event.experiment);
        for (const { id, title } of experiment?.steps ?? []) {
          this.#list.stage(stepKey(event.experiment, id))?.done(`${title.en}  (${skippedText(event)})`);
        }
        break;
      }
      case 'left-behind':
        this.#tellLeft(event.experiment, leftText(event));
        break;
      case 'background-start':
        this.#background.add(event.number);
        break;
      case 'background-ready':
        this.#show(stepKey(event.experiment, event.step), readyText(event));
        if (event.state !== 'ready') this.#failure ??= readyText(event);
        break;
      case 'background-end':
        this.#background.delete(event.number);
        break;
      case 'output':
        if (!this.#background.has(event.number)) this.#showOutput(event);
        break;
      case 'command-failed':
        if (event.readiness !== null) break; // that was told when it was known
        this.#failure ??= failureText(event);
        break;
      case 'step-end':
        this.#endStep(event);
        break;
      default:
        break;
    }
  }

  /** A step in which a command failed says so where it stands. */
  #endStep({ experiment, step }: StepPlace): void {
    const key = stepKey(experiment, step);
    if (this.#failure === null) this.#list.stage(key)?.done();
    else this.#retitle(experiment, step, this.#failure);
    this.#failure = null;
  }

  /** What an experiment has left behind is said at its last step. */
  #tellLeft(experiment: string, text: string): void {
    const step = this.#start?.experiments.find(({ id }) => id === experiment)?.steps.at(-1);
    if (step !== undefined) this.#retitle(experiment, step.id, text);
  }

  /** Ends a step, with more behind its title. */
  #retitle(experiment: string, step: string, more: string): void {
    const key = stepKey(experiment, step);
    const { title } =
      this.#start?.experiments.find(({ id }) => id === experiment)?.steps.find(({ id }) => id === step) ?? {};
    const told = `${this.#titles.get(key) ?? title?.en ?? step}  ${more}`;
    this.#titles.set(key, told);
    this.#list.stage(key)?.done(told);
  }

  #showOutput(event: OutputLine & ToldEvent): void {
    const { experiment, step, purpose, line } = event;
    if (purpose !== 'study') return;
    const shown = line.trim().slice(0, shownCharacters);
    const clock = this.#clock.short(event);
    const command = `${clock === null ? '' : `[${clock}] `}$ ${this.#command}`;
    if (shown !== '') this.#show(stepKey(experiment, step), `${command}  ${shown}`);
  }

  #show(key: string, line: string): void {
    this.#list.stage(key)?.show(line);
  }

  #begin(): Promise<void> {
    if (this.#start === null) return this.#screen;
    const { experiments } = this.#start;
    void this.#write(`${paperTitle(this.#start)}\n`);
    return this.#draw(
      new StageList([
        ...(['boot', 'push'] as const).map((key) => ({ title: partTitles[key], key })),
        ...experiments.map((experiment) => ({
          title: experimentTitle(experiment),
          lines: experiment.steps.map(({ id, title }) => ({ title: title.en, key: stepKey(experiment.id, id) })),
        })),
        { title: partTitles.facts, key: 'facts' },
        { title: reportTitle, key: reportKey },
      ]),
    );
  }

  /** What comes later on the screen waits for what came before. */
  #draw(list: StageList): Promise<void> {
    this.#list = list;
    this.#screen = this.#screen.then(() => list.draw());
    return this.#screen;
  }

  #write(text: string, output = this.#context.stdout): Promise<void> {
    this.#screen = this.#screen.then(() => void output.write(text));
    return this.#screen;
  }
}

/** How much of a line is shown. */
const shownCharacters = 512;

function stepKey(experiment: string, step: string): string {
  return `${experiment}/${step}`;
}

/** Where there is no terminal to draw on, lines. */
export function makeReporter(context: ReporterContext): Reporter {
  return context.isTerminal ? new ListReporter(context) : makePlainReporter(context);
}
