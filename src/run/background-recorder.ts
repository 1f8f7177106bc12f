import { layout } from '../evidence/layout.ts';
import type { JournalEvent, Readiness } from '../evidence/journal-decoder.ts';
import { endsAsExpected, expectedExits } from '../study/expected-exits.ts';
import type { IndexedStep } from '../study/study-index.ts';
import type { CommandPlace, Tell } from './events.ts';
import { OutputLines } from './output-lines.ts';
import type { CaptureWriter } from './recorder.ts';
import { secondsBetween } from './seconds-between.ts';

/** What the journal says of the processes in the background, each known by its number: other commands run meanwhile. */
export class BackgroundRecorder {
  readonly #writer: CaptureWriter;
  readonly #tell: Tell;
  readonly #running = new Map<number, Running>();

  constructor(writer: CaptureWriter, tell: Tell) {
    this.#writer = writer;
    this.#tell = tell;
  }

  start(
    event: JournalEvent & { readonly kind: 'background' },
    place: CommandPlace,
    step: IndexedStep | undefined,
  ): void {
    const { number, id, text, uptimeS } = event;
    const name = step?.commands.find((command) => command.id === id)?.command.capture ?? id;
    const lines = new OutputLines((line) => {
      process.lastLine = line.line.trim() === '' ? process.lastLine : line.line;
      this.#tell({ kind: 'output', ...place, ...line });
    });
    const process: Running = { place, id, name, text, step, lines, startS: uptimeS, readiness: null, lastLine: null };
    this.#running.set(number, process);
    this.#tell({ kind: 'background-start', ...place, id, name, command: text });
  }

  ready({ number, how, uptimeS }: JournalEvent & { readonly kind: 'ready' }): void {
    const process = this.#running.get(number);
    if (process === undefined) return;
    process.readiness = how;
    const { place, name, text: command, startS } = process;
    const seconds = secondsBetween(startS, uptimeS);
    this.#tell({ kind: 'background-ready', ...place, name, command, state: how, seconds });
  }

  /** It printed nothing, perhaps, and has a capture all the same. */
  printed(number: number): void {
    const process = this.#running.get(number);
    if (process !== undefined) this.#writer.append(layout.capture(process.name), Buffer.alloc(0));
  }

  /** false: it is none of these. */
  output(number: number, bytes: Buffer): boolean {
    const process = this.#running.get(number);
    if (process === undefined) return false;
    this.#writer.append(layout.capture(process.name), bytes);
    process.lines.add('both', bytes);
    return true;
  }

  /** false: it is none of these. */
  end({ number, status, how, uptimeS }: JournalEvent & { readonly kind: 'end' }): boolean {
    const process = this.#running.get(number);
    if (process === undefined) return false;
    this.#running.delete(number);
    const { place, name, text: command, step, lines, startS, readiness } = process;
    lines.end();
    const seconds = secondsBetween(startS, uptimeS);
    this.#tell({ kind: 'background-end', ...place, name, command, status, how, seconds });
    const unready = readiness === 'ready' ? null : readiness;
    const expected = step === undefined ? null : expectedExits(step, process.id);
    if (unready !== null || (expected !== null && !endsAsExpected(expected, { status, how }))) {
      const { lastLine } = process;
      this.#tell({ kind: 'command-failed', ...place, command, status, how, readiness: unready, lastLine });
    }
    return true;
  }
}

interface Running {
  readonly place: CommandPlace;
  readonly id: string;
  /** Of its capture. */
  readonly name: string;
  readonly text: string;
  readonly step: IndexedStep | undefined;
  readonly lines: OutputLines;
  readonly startS: number;
  readiness: Readiness | null;
  /** That is not blank. */
  lastLine: string | null;
}
