import { withoutControls } from '../core/terminal-text.ts';
import type { RunStart, ToldEvent } from '../run/events.ts';
import { GuestClock } from './guest-clock.ts';
import type { Reporter, ReporterContext } from './reporter.ts';
import {
  backgroundEndText,
  bootText,
  chosenText,
  collectedText,
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

type IndentedLine = readonly [depth: number, line: string];

/** Each event that matters to a reader is a line, and so is each line that a command prints: for logs. */
class PlainReporter implements Reporter {
  readonly #context: ReporterContext;
  readonly #clock = new GuestClock();
  #start: RunStart | null = null;
  /** The processes in the background, by number: what they print comes when they are stopped. */
  readonly #background = new Map<number, string>();

  constructor(context: ReporterContext) {
    this.#context = context;
  }

  hear(event: ToldEvent): void {
    const { stdout, stderr } = this.#context;
    this.#clock.hear(event);
    switch (event.kind) {
      case 'run-start':
        this.#start = event;
        break;
      case 'guest-chosen':
        if (event.asked === 'auto') stdout.write(chosenText(event));
        if (this.#start !== null) this.#say(0, paperTitle(this.#start));
        break;
      case 'machine-differs':
        stderr.write(differencesText(event.differences));
        break;
      case 'report-end':
        stdout.write(resultText(event));
        break;
      case 'kept':
        stdout.write(keptText(event));
        break;
      case 'command-start':
      case 'output':
      case 'command-end':
        if (event.purpose === 'study') this.#sayAll(this.#linesOf(event));
        break;
      default:
        this.#sayAll(this.#linesOf(event));
    }
  }

  #linesOf(event: ToldEvent): readonly IndentedLine[] {
    switch (event.kind) {
      case 'borrow':
        return [[0, event.text]];
      case 'download-start':
        return [[0, downloadText(event)]];
      case 'download-progress':
        return [[1, event.text]];
      case 'part-start':
        return [[0, event.part === 'experiment' ? this.#experimentTitle(event.experiment) : partTitles[event.part]]];
      case 'boot':
        return [[1, bootText(event)]];
      case 'guest-note':
        return [[1, firstLine(event.text)]];
      case 'guest-failed':
        return [[1, `${event.guest} does not start: ${firstLine(event.reason)}`]];
      case 'guest-ready':
        return [[1, `${event.guest.name} (${event.guest.provider})`]];
      case 'connection-lost':
        return [[1, `The connection was lost, and is made again: ${event.reason}`]];
      case 'part-end': {
        const clock = event.part === 'experiment' ? this.#clock.text(event) : null;
        return clock === null ? [] : [[1, clock]];
      }
      case 'left-behind':
        return [[1, leftText(event)]];
      case 'experiment-skipped':
        return [[1, skippedText(event)]];
      case 'step-start':
        return [[1, this.#stepTitle(event.experiment, event.step)]];
      case 'command-start':
        return event.command.split('\n').map((line, index) => [2, `${index === 0 ? '$' : '>'} ${line}`]);
      case 'output':
        return [[2, `${this.#background.get(event.number) ?? ''}| ${event.line}`]];
      case 'background-start':
        this.#background.set(event.number, event.name);
        return [[2, `& ${firstLine(event.command)}`]];
      case 'background-ready':
        return [[2, readyText(event)]];
      case 'background-end':
        this.#background.delete(event.number);
        return [[2, backgroundEndText(event)]];
      case 'file-collected':
        return [[2, collectedText(event)]];
      case 'command-end':
        return event.status === 0 ? [] : [[2, `= status ${event.status}`]];
      case 'command-failed':
        return [[2, failureText(event)]];
      case 'report-start':
        return [[0, reportTitle]];
      default:
        return [];
    }
  }

  #sayAll(lines: readonly IndentedLine[]): void {
    for (const [depth, line] of lines) this.#say(depth, line);
  }

  #say(depth: number, line: string): void {
    this.#context.stdout.write(`${'  '.repeat(depth)}${withoutControls(line).trimEnd()}\n`);
  }

  #experimentTitle(id: string): string {
    const experiment = this.#start?.experiments.find((each) => each.id === id);
    return experiment === undefined ? id : experimentTitle(experiment);
  }

  #stepTitle(experiment: string, id: string): string {
    const steps = this.#start?.experiments.find((each) => each.id === experiment)?.steps;
    return steps?.find((step) => step.id === id)?.title.en ?? id;
  }
}

export function makeReporter(context: ReporterContext): Reporter {
  return new PlainReporter(context);
}
