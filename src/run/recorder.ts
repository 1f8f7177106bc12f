import { layout } from '../evidence/layout.ts';
import type { JournalEvent, StepPurpose } from '../evidence/journal-decoder.ts';
import type { EvidenceWriter } from '../evidence/writer.ts';
import { endsAsExpected, expectedExits, failureOfScript, type Ending } from '../study/expected-exits.ts';
import type { IndexedStep } from '../study/study-index.ts';
import type { CommandPlace, Tell } from './events.ts';
import { OutputLines } from './output-lines.ts';

/** Where captures go: each path is that of a file of the evidence. */
export type CaptureWriter = Pick<EvidenceWriter, 'append'>;

/** Turns one experiment's journal into capture files and progress, event by event. */
export class Recorder {
  readonly #writer: CaptureWriter;
  readonly #tell: Tell;
  readonly #experiment: string;
  readonly #steps: ReadonlyMap<string, IndexedStep>;
  /** The captures of each step, by the ids of their commands. */
  readonly #captures: ReadonlyMap<string, ReadonlyMap<string, string>>;
  #step = '';
  #purpose: StepPurpose = 'study';
  #capture: string | null = null;
  #startS = 0;
  #lines: OutputLines | null = null;
  /** The newest command of the step. */
  #command: RunningCommand | null = null;

  constructor(experiment: string, steps: readonly IndexedStep[], writer: CaptureWriter, tell: Tell) {
    this.#writer = writer;
    this.#tell = tell;
    this.#experiment = experiment;
    this.#steps = new Map(steps.map((step) => [step.step.id, step]));
    this.#captures = new Map(steps.map((step) => [step.step.id, capturesById(step)]));
  }

  handle(event: JournalEvent): void {
    // What the guest is asked before the first step is nothing to show.
    if (this.#purpose === 'facts' && event.kind !== 'step') return;
    const experiment = this.#experiment;
    switch (event.kind) {
      case 'step':
        this.#step = event.step;
        this.#command = null;
        this.#purpose = event.purpose;
        if (event.purpose === 'study') this.#tell({ kind: 'step-start', experiment, step: event.step });
        break;
      case 'start':
        this.#startS = event.uptimeS;
        this.#capture = this.#captureOf(event.id);
        if (this.#capture !== null) this.#writer.append(layout.capture(this.#capture), Buffer.alloc(0));
        this.#startCommand(event);
        break;
      case 'output':
        this.#record(event.stream, event.bytes);
        break;
      case 'end':
        this.#capture = null;
        this.endLine();
        this.#lines = null;
        this.#tell({
          kind: 'command-end',
          ...this.#place(event.number),
          status: event.status,
          how: event.how,
          seconds: secondsBetween(this.#startS, event.uptimeS),
        });
        this.#judgeCommand(event);
        break;
      case 'step-end':
        if (event.purpose === 'study') {
          this.#judgeScript(event.status);
          this.#tell({ kind: 'step-end', experiment, step: event.step, status: event.status });
        }
        break;
      case 'header':
      case 'clock':
      case 'done':
      case 'stray':
        break;
    }
  }

  /** What the running command has printed of its last line is all of it. */
  endLine(): void {
    this.#lines?.end();
  }

  #record(stream: 'both' | 'error', bytes: Buffer): void {
    if (this.#capture !== null) {
      const path = stream === 'both' ? layout.capture(this.#capture) : layout.captureErrors(this.#capture);
      this.#writer.append(path, bytes);
    }
    this.#lines?.add(stream, bytes);
  }

  #startCommand({ number, id, text }: JournalEvent & { readonly kind: 'start' }): void {
    const place = this.#place(number);
    const command: RunningCommand = { place, id, text, ending: null, lastLine: null };
    this.#command = command;
    this.#tell({ kind: 'command-start', ...place, id, command: text });
    this.#lines = new OutputLines((line) => {
      command.lastLine = line.line.trim() === '' ? command.lastLine : line.line;
      this.#tell({ kind: 'output', ...place, ...line });
    });
  }

  #judgeCommand(ending: Ending): void {
    const [command, step] = [this.#command, this.#steps.get(this.#step)];
    if (command === null || step === undefined || this.#purpose !== 'study') return;
    command.ending = ending;
    const expected = expectedExits(step, command.id);
    if (expected !== null && !endsAsExpected(expected, ending)) this.#tellFailure(command, ending);
  }

  #judgeScript(status: number): void {
    const [command, step] = [this.#command, this.#steps.get(this.#step)];
    if (command?.ending == null || step === undefined || failureOfScript(step, command, status) === null) return;
    this.#tellFailure(command, { ...command.ending, status });
  }

  #tellFailure({ place, text, lastLine }: RunningCommand, { status, how }: Ending): void {
    this.#tell({ kind: 'command-failed', ...place, command: text, status, how, lastLine });
  }

  #place(number: number): CommandPlace {
    return { experiment: this.#experiment, step: this.#step, purpose: this.#purpose, number };
  }

  /** A probe's ids are no ids of commands. */
  #captureOf(id: string | null): string | null {
    if (this.#purpose !== 'study' || id === null) return null;
    return this.#captures.get(this.#step)?.get(id) ?? null;
  }
}

interface RunningCommand {
  readonly place: CommandPlace;
  readonly id: string | null;
  readonly text: string;
  ending: Ending | null;
  lastLine: string | null;
}

function capturesById({ commands }: IndexedStep): ReadonlyMap<string, string> {
  return new Map(
    commands.flatMap(({ id, command: { capture } }) => (id === null || capture === undefined ? [] : [[id, capture]])),
  );
}

/** The guest's clock has hundredths of a second; the difference of two floats has more digits. */
function secondsBetween(startS: number, endS: number): number {
  return Math.round((endS - startS) * 100) / 100;
}
