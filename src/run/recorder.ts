import { layout } from '../evidence/layout.ts';
import type { JournalEvent } from '../evidence/journal-decoder.ts';
import type { EvidenceWriter } from '../evidence/writer.ts';
import type { Experiment, StudyCommand } from '../study/schema.ts';
import type { Notify } from './events.ts';

/** Turns one experiment's journal into capture files and progress, event by event. */
export class Recorder {
  readonly #writer: EvidenceWriter;
  readonly #notify: Notify;
  readonly #experiment: string;
  /** Captures not yet seen, by step; a command that a study names twice is matched in order. */
  readonly #expected: Map<string, StudyCommand[]>;
  #step = '';
  #capture: string | null = null;
  #startS = 0;
  readonly #latest = new LatestLine();

  constructor(experiment: Experiment, writer: EvidenceWriter, notify: Notify) {
    this.#writer = writer;
    this.#notify = notify;
    this.#experiment = experiment.id;
    this.#expected = new Map(
      experiment.steps.map(({ id, commands }) => [id, (commands ?? []).filter(({ capture }) => capture !== undefined)]),
    );
  }

  handle(event: JournalEvent): void {
    const experiment = this.#experiment;
    switch (event.kind) {
      case 'step':
        this.#step = event.step;
        this.#notify({ kind: 'step-start', experiment, step: event.step });
        break;
      case 'start':
        this.#startS = event.uptimeS;
        this.#latest.clear();
        this.#capture = this.#takeCapture(event.text);
        if (this.#capture !== null) this.#writer.append(layout.capture(this.#capture), Buffer.alloc(0));
        this.#notify({ kind: 'command-start', experiment, step: this.#step, command: event.text });
        break;
      case 'output':
        this.#record(event.stream, event.bytes);
        break;
      case 'end':
        this.#capture = null;
        this.#notify({
          kind: 'command-end',
          experiment,
          status: event.status,
          seconds: event.uptimeS - this.#startS,
        });
        break;
      case 'step-end':
        this.#notify({ kind: 'step-end', experiment, step: event.step, status: event.status });
        break;
      case 'clock':
      case 'done':
      case 'stray':
        break;
    }
  }

  #record(stream: 'both' | 'error', bytes: Buffer): void {
    if (this.#capture !== null) {
      const path = stream === 'both' ? layout.capture(this.#capture) : layout.captureErrors(this.#capture);
      this.#writer.append(path, bytes);
    }
    const line = this.#latest.add(bytes);
    if (line !== null) this.#notify({ kind: 'output', experiment: this.#experiment, line });
  }

  #takeCapture(text: string): string | null {
    const expected = this.#expected.get(this.#step) ?? [];
    const index = expected.findIndex(({ run }) => run === text);
    return index < 0 ? null : (expected.splice(index, 1)[0]?.capture ?? null);
  }
}

/** How much of a line is kept for the progress. */
const keptCharacters = 512;

/** Puts the pieces of output together to lines, for the progress only: the newest line that is not blank. */
class LatestLine {
  #line = '';

  clear(): void {
    this.#line = '';
  }

  /** null when there is nothing new to show. */
  add(bytes: Buffer): string | null {
    const before = this.#line;
    const lines = (before + bytes.subarray(-keptCharacters).toString('utf8')).split('\n');
    this.#line = (lines.at(-1) ?? '').slice(-keptCharacters);
    // What a terminal would act on has no place in a progress line.
    const shown = lines.map((line) => line.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, ' ').trim());
    const latest = shown.findLast((line) => line !== '') ?? null;
    return latest === before.trim() ? null : latest;
  }
}
