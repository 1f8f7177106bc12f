import { randomUUID } from 'node:crypto';
import { relative, resolve, sep } from 'node:path';
import type { Failure } from '../core/errors.ts';
import { forTerminal } from '../core/terminal-text.ts';
import type { ReportEnd, RunStart, ToldEvent } from '../run/events.ts';
import type { Reporter, ReporterContext } from './reporter.ts';
import { differencesText, experimentTitle, failureText, skippedText } from './words.ts';

type Level = 'error' | 'warning' | 'notice';

/**
 * Annotations and groups of a log of GitHub Actions, by workflow commands
 * (https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands). The lines of an experiment are the
 * guest's: while they come, GitHub takes no commands, so that none of them is one.
 */
class GithubReporter implements Reporter {
  readonly #context: ReporterContext;
  readonly #stopToken = randomUUID();
  #start: RunStart | null = null;
  readonly #failures: string[] = [];
  readonly #skipped: string[] = [];

  constructor(context: ReporterContext) {
    this.#context = context;
  }

  hear(event: ToldEvent): void {
    switch (event.kind) {
      case 'run-start':
        this.#start = event;
        break;
      case 'part-start':
        if (event.part === 'experiment') this.#beginGroup(event.experiment);
        break;
      case 'part-end':
        if (event.part === 'experiment') this.#endGroup();
        break;
      case 'command-failed':
        this.#failures.push(failureText(event));
        break;
      case 'experiment-skipped':
        this.#skipped.push(`${event.experiment}: ${skippedText(event)}`);
        break;
      case 'machine-differs':
        this.#annotate('warning', differencesText(event.differences).trimEnd());
        break;
      case 'report-end':
        this.#annotateResult(event);
        break;
      case 'exit':
        if (event.failure !== null) this.#annotateFailure(event.failure);
        break;
      default:
        break;
    }
  }

  #beginGroup(id: string): void {
    const experiment = this.#start?.experiments.find((each) => each.id === id);
    this.#command('group', experiment === undefined ? id : experimentTitle(experiment));
    this.#command('stop-commands', this.#stopToken);
  }

  /** What failed is annotated here: within the group GitHub takes nothing for a command. */
  #endGroup(): void {
    this.#command(this.#stopToken, '');
    this.#command('endgroup', '');
    for (const text of this.#failures.splice(0)) this.#annotate('error', text);
    for (const text of this.#skipped.splice(0)) this.#annotate('warning', text);
  }

  #annotateResult({ state, summary }: ReportEnd): void {
    if (state === 'partial') return; // its failure is told at the exit
    const levels = { upheld: 'notice', refuted: 'error', undecided: 'warning', skipped: 'warning' } as const;
    this.#annotate(levels[summary.outcome], summary.headline);
  }

  #annotateFailure({ problems, name, message, hint }: Failure): void {
    for (const { file, line, column, message: wrong } of problems) {
      this.#annotate('error', wrong, { file: this.#fileInRepository(file), line, col: column });
    }
    if (problems.length === 0) this.#annotate('error', `${message}\n${hint}`, { title: name });
  }

  #annotate(level: Level, text: string, properties: Readonly<Record<string, string | number>> = {}): void {
    const title = this.#start === null ? 'Refigure' : `Refigure: ${this.#start.study.id}`;
    this.#command(level, text, { title, ...properties });
  }

  /** GitHub shows an annotation beside its line where the file is named from the top of the checkout. */
  #fileInRepository(file: string): string {
    const top = this.#context.environment['GITHUB_WORKSPACE'];
    return (top === undefined ? file : relative(top, resolve(file))).replaceAll(sep, '/');
  }

  #command(name: string, text: string, properties: Readonly<Record<string, string | number>> = {}): void {
    const list = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
    const written = list.length === 0 ? name : `${name} ${list.join(',')}`;
    this.#context.raw.write(`::${written}::${escapeData(text)}\n`);
  }
}

/** As GitHub's own toolkit does it (actions/toolkit, packages/core/src/command.ts). */
function escapeData(text: string): string {
  return text
    .split('\r')
    .map(forTerminal)
    .join('\r')
    .replaceAll('%', '%25')
    .replaceAll('\r', '%0D')
    .replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

export function makeReporter(context: ReporterContext): Reporter {
  return new GithubReporter(context);
}
