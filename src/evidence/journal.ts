import { createHash, type Hash } from 'node:crypto';
import { newlinesIn } from '../core/newlines.ts';
import { shownBytes, type OutputRest } from './cut-output.ts';
import {
  JournalDecoder,
  type CommandEnd,
  type JournalEvent,
  type JournalFormat,
  type Readiness,
  type StepPurpose,
} from './journal-decoder.ts';

/** One command as it ran. Times are the guest's uptime in seconds, with a resolution of 10 ms. */
export interface RecordedCommand {
  readonly number: number;
  /** The study's step that it is of; the network is observed after one. */
  readonly step: string;
  readonly purpose: StepPurpose;
  /** Which command of its step it is (study-index.ts), or which probe; null: of none that the study names. */
  readonly id: string | null;
  /** The namespace that a probe looks into; null for the root namespace, and for commands of the study. */
  readonly subject: string | null;
  readonly text: string;
  /**
   * Both streams, in the order of their bytes; only standard output where the study asked for `separate`. The whole, or
   * its beginning where there is a `rest`.
   */
  readonly output: Buffer;
  readonly errorOutput: Buffer | null;
  /** Where in the journal `output` begins, in bytes. */
  readonly outputAt: number;
  /** What of `output` is not held in memory; null where it is whole, as all but huge ones are. */
  readonly rest: OutputRest | null;
  readonly errorRest: OutputRest | null;
  readonly startS: number;
  /** Of a process in the background; null of any other command. */
  readonly background: BackgroundRecord | null;
  /** null: the journal was cut off while it ran. */
  readonly end: { readonly uptimeS: number; readonly status: number; readonly how: CommandEnd } | null;
}

export interface BackgroundRecord {
  /** Whether it was ready, and when that was known; null where nothing was waited for. */
  readonly ready: { readonly uptimeS: number; readonly how: Readiness } | null;
  /** It printed more than was kept of it. */
  readonly cut: boolean;
}

/** One experiment's journal, decoded. */
export interface Journal {
  readonly format: JournalFormat;
  readonly commands: readonly RecordedCommand[];
  /** The steps that came to their end, each with the exit status of its shell. */
  readonly steps: readonly { readonly step: string; readonly purpose: StepPurpose; readonly status: number }[];
  /** Whether it was written to its end. */
  readonly complete: boolean;
  /** The guest's wall clock at an uptime; null when the journal was cut off before it. */
  readonly clock: { readonly epochS: number; readonly uptimeS: number } | null;
  /** Output that belongs to no command. */
  readonly stray: Buffer;
}

/** How much of the outputs is held, in bytes. */
export interface JournalLimits {
  /** Of the beginning of each output. */
  readonly perOutput: number;
  /** Of the beginnings of all of them; beyond it they are held as far as a report shows them. */
  readonly inAll: number;
}

const unlimited: JournalLimits = { perOutput: Number.POSITIVE_INFINITY, inAll: Number.POSITIVE_INFINITY };

/** Decodes a saved journal. Never throws: a journal that was cut off gives what it holds. */
export function readJournal(bytes: Uint8Array, limits: JournalLimits = unlimited): Journal {
  const reader = new JournalReader(limits);
  reader.push(bytes);
  return reader.end();
}

/** The same, piece by piece: its memory is bounded by the limits. */
export class JournalReader {
  readonly #collector: JournalCollector;
  readonly #decoder: JournalDecoder;

  constructor(limits: JournalLimits) {
    const collector = new JournalCollector(limits);
    this.#collector = collector;
    this.#decoder = new JournalDecoder((event) => {
      collector.add(event);
    });
  }

  push(bytes: Uint8Array): void {
    this.#decoder.push(bytes);
  }

  end(): Journal {
    this.#decoder.end();
    return this.#collector.journal();
  }
}

type CollectedCommand = Omit<RecordedCommand, 'output' | 'errorOutput' | 'rest' | 'errorRest'> & {
  readonly output: BoundedOutput;
  error: BoundedOutput | null;
};

class JournalCollector {
  readonly #limits: JournalLimits;
  readonly #commands: CollectedCommand[] = [];
  readonly #steps: Journal['steps'][number][] = [];
  readonly #stray: BoundedOutput;
  #held = 0;
  #format: JournalFormat = 3;
  #step = '';
  #purpose: StepPurpose = 'study';
  #complete = false;
  #clock: Journal['clock'] = null;

  constructor(limits: JournalLimits) {
    this.#limits = limits;
    this.#stray = this.#newOutput();
  }

  add(event: JournalEvent): void {
    switch (event.kind) {
      case 'header':
        this.#format = event.format;
        break;
      case 'clock':
        this.#clock = { epochS: event.epochS, uptimeS: event.uptimeS };
        break;
      case 'step':
        this.#step = event.step;
        this.#purpose = event.purpose;
        break;
      case 'start':
        this.#begin({ ...event, background: null });
        break;
      case 'background':
        this.#begin({ ...event, subject: null, outputAt: 0, background: { ready: null, cut: false } });
        break;
      case 'ready': {
        const { uptimeS, how } = event;
        this.#change(event.number, ({ background }) => {
          return { background: { cut: background?.cut ?? false, ready: { uptimeS, how } } };
        });
        break;
      }
      case 'printed': {
        const { outputAt, cut } = event;
        this.#change(event.number, ({ background }) => {
          return { outputAt, background: { ready: background?.ready ?? null, cut } };
        });
        break;
      }
      case 'output': {
        const command = this.#find(event.number);
        if (command === undefined) break;
        if (event.stream === 'error') command.error ??= this.#newOutput();
        this.#held += (event.stream === 'error' ? command.error : command.output)?.add(event.bytes) ?? 0;
        break;
      }
      case 'end': {
        const { uptimeS, status, how } = event;
        this.#change(event.number, () => ({ end: { uptimeS, status, how } }));
        break;
      }
      case 'step-end':
        this.#steps.push({ step: event.step, purpose: event.purpose, status: event.status });
        break;
      case 'done':
        this.#complete = true;
        break;
      case 'stray':
        this.#held += this.#stray.add(event.bytes);
        break;
    }
  }

  journal(): Journal {
    return {
      format: this.#format,
      commands: this.#commands.map(({ output, error, ...command }) => ({
        ...command,
        output: output.beginning(),
        rest: output.rest(),
        errorOutput: error?.beginning() ?? null,
        errorRest: error?.rest() ?? null,
      })),
      steps: this.#steps,
      complete: this.#complete,
      clock: this.#clock,
      stray: this.#stray.beginning(),
    };
  }

  #begin({
    number,
    id,
    subject,
    text,
    outputAt,
    uptimeS: startS,
    background,
  }: Omit<JournalEvent & { readonly kind: 'start' }, 'kind'> & Pick<RecordedCommand, 'background'>): void {
    const command = {
      number,
      step: this.#step,
      purpose: this.#purpose,
      id,
      subject,
      text,
      outputAt,
      startS,
      background,
    };
    this.#commands.push({ ...command, end: null, output: this.#newOutput(), error: null });
  }

  /** The newest of that number: of a command, or of a process in the background, which has others behind it. */
  #find(number: number): CollectedCommand | undefined {
    return this.#commands.findLast((command) => command.number === number);
  }

  #change(number: number, change: (command: CollectedCommand) => Partial<CollectedCommand>): void {
    const at = this.#commands.findLastIndex((command) => command.number === number);
    const command = this.#commands[at];
    if (command !== undefined) this.#commands[at] = { ...command, ...change(command) };
  }

  #newOutput(): BoundedOutput {
    const { perOutput, inAll } = this.#limits;
    return new BoundedOutput(this.#held < inAll ? perOutput : Math.min(perOutput, shownBytes));
  }
}

/** How much is held of the end of an output whose middle is not. */
const tailBytes = shownBytes;

/** The beginning and the end of an output. */
class BoundedOutput {
  readonly #limit: number;
  readonly #head: Buffer[] = [];
  #headBytes = 0;
  #rest: { bytes: number; lines: number; tail: Tail; hash: Hash } | null = null;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** How many bytes of them the beginning took. */
  add(bytes: Buffer): number {
    const room = Math.min(this.#limit - this.#headBytes, bytes.length);
    if (room > 0) this.#head.push(bytes.subarray(0, room));
    this.#headBytes += room;
    if (room < bytes.length) this.#addRest(bytes.subarray(room));
    return room;
  }

  beginning(): Buffer {
    return Buffer.concat(this.#head);
  }

  rest(): OutputRest | null {
    if (this.#rest === null) return null;
    const { hash, tail, ...rest } = this.#rest;
    return { ...rest, tail: tail.bytes(), sha256: hash.copy().digest('hex') };
  }

  #addRest(bytes: Buffer): void {
    this.#rest ??= { bytes: 0, lines: 0, tail: new Tail(), hash: hashOf(this.#head) };
    this.#rest.bytes += bytes.length;
    this.#rest.lines += newlinesIn(bytes);
    this.#rest.tail.add(bytes);
    this.#rest.hash.update(bytes);
  }
}

/** The last bytes of an output. They are cut when they are four times too many: at each of many pieces it would take long. */
class Tail {
  #pieces: Buffer[] = [];
  #length = 0;

  add(bytes: Buffer): void {
    this.#pieces.push(bytes);
    this.#length += bytes.length;
    if (this.#length <= 4 * tailBytes) return;
    this.#pieces = [Buffer.from(this.bytes())];
    this.#length = tailBytes;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#pieces).subarray(-tailBytes);
  }
}

function hashOf(pieces: readonly Buffer[]): Hash {
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece);
  return hash;
}
