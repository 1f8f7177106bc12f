import { captureFile } from '../evidence/capture-files.ts';
import { layout } from '../evidence/layout.ts';
import type { JournalEvent, StepPurpose } from '../evidence/journal-decoder.ts';
import type { EvidenceWriter } from '../evidence/writer.ts';
import { endsAsExpected, expectedExits, failureOfScript } from '../study/expected-exits.ts';
import type { IndexedStep } from '../study/study-index.ts';
import { AskedRecorder } from './asked-recorder.ts';
import { BackgroundRecorder } from './background-recorder.ts';
import { CollectedRecorder } from './collected-recorder.ts';
import type { CommandPlace, Tell } from './events.ts';
import { OutputLines } from './output-lines.ts';
import { secondsBetween } from './seconds-between.ts';

/** Where captures go: each path is that of a file of the evidence. */
export type CaptureWriter = Pick<EvidenceWriter, 'append'>;

/** Turns one experiment's journal into capture files and progress, event by event. */
export class Recorder {
  readonly #writer: CaptureWriter;
  readonly #tell: Tell;
  readonly #experiment: string;
  readonly #steps: ReadonlyMap<string, IndexedStep>;
  /** The captures of each step, by the ids of their commands. */
  readonly #captures: ReadonlyMap<string, ReadonlyMap<string, SavedCapture>>;
  readonly #background: BackgroundRecorder;
  #step = '';
  #purpose: StepPurpose = 'study';
  #capture: SavedCapture | null = null;
  #startS = 0;
  #lines: OutputLines | null = null;
  /** The newest command of the step's program. */
  #command: RunningCommand | null = null;
  /** The file that is being collected. */
  #collected: CollectedRecorder | null = null;
  /** What the guest was asked for, and whether a step of the study began. */
  readonly #asked = new AskedRecorder();
  #began = false;

  constructor(experiment: string, steps: readonly IndexedStep[], writer: CaptureWriter, tell: Tell) {
    this.#writer = writer;
    this.#tell = tell;
    this.#experiment = experiment;
    this.#steps = new Map(steps.map((step) => [step.step.id, step]));
    this.#background = new BackgroundRecorder(writer, tell);
    this.#captures = new Map(steps.map((step) => [step.step.id, capturesById(step)]));
  }

  handle(event: JournalEvent): void {
    // What the guest is asked before the first step is nothing to show.
    if (this.#purpose === 'facts' && event.kind !== 'step') return;
    if (this.#asked.handle(event, this.#purpose)) return;
    const experiment = this.#experiment;
    switch (event.kind) {
      case 'step':
        this.#step = event.step;
        this.#command = null;
        this.#purpose = event.purpose;
        this.#began ||= event.purpose === 'study';
        if (event.purpose === 'study') this.#tell({ kind: 'step-start', experiment, step: event.step });
        break;
      case 'start':
        this.#startS = event.uptimeS;
        this.#capture = this.#captureOf(event.id);
        if (this.#capture !== null) this.#writer.append(this.#capture.path, Buffer.alloc(0));
        if (this.#capture?.file === undefined) this.#startCommand(event);
        else this.#collected = new CollectedRecorder();
        break;
      case 'background':
        this.#background.start(event, this.#place(event.number), this.#steps.get(this.#step));
        break;
      case 'ready':
        this.#background.ready(event);
        break;
      case 'printed':
        this.#background.printed(event.number);
        break;
      case 'output':
        if (!this.#background.output(event.number, event.bytes)) this.#record(event.stream, event.bytes);
        break;
      case 'end':
        if (this.#background.end(event)) break;
        if (this.#collected === null) this.#endCommand(event);
        else this.#endCollected(event, this.#collected);
        this.#capture = null;
        break;
      case 'step-end':
        if (event.purpose === 'study') {
          this.#judgeScript(event.status);
          this.#tell({ kind: 'step-end', experiment, step: event.step, status: event.status });
        }
        break;
      case 'done':
        this.#asked.tell(this.#tell, experiment, this.#began);
        break;
      case 'header':
      case 'clock':
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
      const { name, path } = this.#capture;
      this.#writer.append(stream === 'both' ? path : layout.captureErrors(name), bytes);
    }
    if (this.#collected === null) this.#lines?.add(stream, bytes);
    else this.#collected.add(stream, bytes);
  }

  #endCommand({ number, status, how, uptimeS }: JournalEvent & { readonly kind: 'end' }): void {
    this.endLine();
    this.#lines = null;
    const seconds = secondsBetween(this.#startS, uptimeS);
    this.#tell({ kind: 'command-end', ...this.#place(number), status, how, seconds });
    this.#judgeCommand({ status, how });
  }

  #endCollected({ number, status, how }: JournalEvent & { readonly kind: 'end' }, collected: CollectedRecorder): void {
    this.#collected = null;
    const { name = '', file = '', text = '' } = this.#capture ?? {};
    const place = this.#place(number);
    collected.tell(this.#tell, place, name, file);
    if (status === 0) return;
    const lastLine = collected.message;
    this.#tell({ kind: 'command-failed', ...place, command: text, status, how, readiness: null, lastLine });
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

  #judgeCommand(ending: RunEnding): void {
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

  #tellFailure({ place, text, lastLine }: RunningCommand, { status, how }: RunEnding): void {
    this.#tell({ kind: 'command-failed', ...place, command: text, status, how, readiness: null, lastLine });
  }

  #place(number: number): CommandPlace {
    return { experiment: this.#experiment, step: this.#step, purpose: this.#purpose, number };
  }

  /** A probe's ids are no ids of commands. */
  #captureOf(id: string | null): SavedCapture | null {
    if (this.#purpose !== 'study' || id === null) return null;
    return this.#captures.get(this.#step)?.get(id) ?? null;
  }
}

type RunEnding = Pick<JournalEvent & { readonly kind: 'end' }, 'status' | 'how'>;

interface RunningCommand {
  readonly place: CommandPlace;
  readonly id: string | null;
  readonly text: string;
  ending: RunEnding | null;
  lastLine: string | null;
}

interface SavedCapture {
  readonly name: string;
  /** The file of the evidence. */
  readonly path: string;
  /** Of the guest, where one is collected. */
  readonly file: string | undefined;
  readonly text: string;
}

function capturesById({ commands }: IndexedStep): ReadonlyMap<string, SavedCapture> {
  return new Map(
    commands.flatMap((command) => {
      const { id, file } = command;
      const { capture: name, run: text } = command.command;
      return id === null || name === undefined
        ? []
        : [[id, { name, path: captureFile({ name, command }), file, text }]];
    }),
  );
}
