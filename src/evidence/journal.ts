import { JournalDecoder, type CommandEnd, type JournalEvent } from './journal-decoder.ts';

/** One command as it ran. Times are the guest's uptime in seconds, with a resolution of 10 ms. */
export interface RecordedCommand {
  readonly number: number;
  readonly step: string;
  readonly text: string;
  /** Both streams, in the order of their bytes; only standard output where the study asked for `separate`. */
  readonly output: Buffer;
  readonly errorOutput: Buffer | null;
  /** Where in the journal `output` begins, in bytes. */
  readonly outputAt: number;
  readonly startS: number;
  /** null: the journal was cut off while it ran. */
  readonly end: { readonly uptimeS: number; readonly status: number; readonly how: CommandEnd } | null;
}

/** One experiment's journal, decoded. */
export interface Journal {
  readonly commands: readonly RecordedCommand[];
  /** Whether it was written to its end. */
  readonly complete: boolean;
  /** The guest's wall clock at an uptime; null when the journal was cut off before it. */
  readonly clock: { readonly epochS: number; readonly uptimeS: number } | null;
  /** Output that belongs to no command. */
  readonly stray: Buffer;
}

/** Decodes a saved journal. Never throws: a journal that was cut off gives what it holds. */
export function readJournal(bytes: Uint8Array): Journal {
  const collector = new JournalCollector();
  const decoder = new JournalDecoder((event) => {
    collector.add(event);
  });
  decoder.push(bytes);
  decoder.end();
  return collector.journal();
}

class JournalCollector {
  readonly #commands: (Omit<RecordedCommand, 'output' | 'errorOutput'> & {
    output: Buffer[];
    error: Buffer[] | null;
  })[] = [];
  readonly #stray: Buffer[] = [];
  #step = '';
  #complete = false;
  #clock: Journal['clock'] = null;

  add(event: JournalEvent): void {
    const current = this.#commands.at(-1);
    switch (event.kind) {
      case 'clock':
        this.#clock = { epochS: event.epochS, uptimeS: event.uptimeS };
        break;
      case 'step':
        this.#step = event.step;
        break;
      case 'start':
        this.#commands.push({
          number: event.number,
          step: this.#step,
          text: event.text,
          outputAt: event.outputAt,
          startS: event.uptimeS,
          end: null,
          output: [],
          error: null,
        });
        break;
      case 'output':
        if (event.stream === 'both') current?.output.push(event.bytes);
        else if (current) current.error = [...(current.error ?? []), event.bytes];
        break;
      case 'end':
        if (current) {
          const { uptimeS, status, how } = event;
          this.#commands[this.#commands.length - 1] = { ...current, end: { uptimeS, status, how } };
        }
        break;
      case 'step-end':
        break;
      case 'done':
        this.#complete = true;
        break;
      case 'stray':
        this.#stray.push(event.bytes);
        break;
    }
  }

  journal(): Journal {
    return {
      commands: this.#commands.map(({ output, error, ...command }) => ({
        ...command,
        output: Buffer.concat(output),
        errorOutput: error === null ? null : Buffer.concat(error),
      })),
      complete: this.#complete,
      clock: this.#clock,
      stray: Buffer.concat(this.#stray),
    };
  }
}
