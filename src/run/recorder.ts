import { layout } from '../evidence/layout.ts';
import type { JournalEvent, StepPurpose } from '../evidence/journal-decoder.ts';
import type { EvidenceWriter } from '../evidence/writer.ts';
import type { IndexedStep } from '../study/study-index.ts';
import type { Notify } from './events.ts';

/** Turns one experiment's journal into capture files and progress, event by event. */
export class Recorder {
  readonly #writer: EvidenceWriter;
  readonly #notify: Notify;
  readonly #experiment: string;
  /** The captures of each step, by the ids of their commands. */
  readonly #captures: ReadonlyMap<string, ReadonlyMap<string, string>>;
  #step = '';
  #purpose: StepPurpose = 'study';
  #capture: string | null = null;
  #startS = 0;
  readonly #latest = new LatestLine();

  constructor(experiment: string, steps: readonly IndexedStep[], writer: EvidenceWriter, notify: Notify) {
    this.#writer = writer;
    this.#notify = notify;
    this.#experiment = experiment;
    this.#captures = new Map(steps.map((step) => [step.step.id, capturesById(step)]));
  }

  handle(event: JournalEvent): void {
    const experiment = this.#experiment;
    switch (event.kind) {
      case 'step':
        this.#step = event.step;
        this.#purpose = event.purpose;
        if (event.purpose === 'study') this.#notify({ kind: 'step-start', experiment, step: event.step });
        break;
      case 'start':
        this.#startS = event.uptimeS;
        this.#latest.clear();
        this.#capture = this.#captureOf(event.id);
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
        if (event.purpose === 'study') {
          this.#notify({ kind: 'step-end', experiment, step: event.step, status: event.status });
        }
        break;
      case 'header':
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

  /** A probe's ids are no ids of commands. */
  #captureOf(id: string | null): string | null {
    if (this.#purpose !== 'study' || id === null) return null;
    return this.#captures.get(this.#step)?.get(id) ?? null;
  }
}

function capturesById({ commands }: IndexedStep): ReadonlyMap<string, string> {
  return new Map(
    commands.flatMap(({ id, command: { capture } }) => (id === null || capture === undefined ? [] : [[id, capture]])),
  );
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
