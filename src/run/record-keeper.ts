import type { RunRecord } from '../evidence/run-record.ts';
import type { EvidenceWriter } from '../evidence/writer.ts';
import type { EventStream } from './event-stream.ts';
import type { RunEvent } from './events.ts';
import { nextRecord, type Clean } from './record.ts';

/** Folds a run's record from its events as they come, and writes it. */
export class RecordKeeper {
  readonly #events: EventStream;
  readonly #writer: EvidenceWriter;
  readonly #clean: Clean;
  #record: RunRecord | null = null;

  constructor(events: EventStream, writer: EvidenceWriter, clean: Clean) {
    this.#events = events;
    this.#writer = writer;
    this.#clean = clean;
    events.listen((event) => {
      this.#record = nextRecord(this.#record, event, clean);
    });
  }

  write(): void {
    if (this.#record !== null) this.#writer.putRecord(this.#record);
  }

  /** As it will be after an event that cannot be told before the record says so, too. */
  writeAfter(event: RunEvent): void {
    const record = this.#after(event);
    if (record !== null) this.#writer.putRecord(record);
  }

  /** Why the run is partial then; null: it is complete, or has not begun. */
  reasonAfter(event: RunEvent): string | null {
    return this.#after(event)?.reason ?? null;
  }

  #after(event: RunEvent): RunRecord | null {
    return nextRecord(this.#record, this.#events.stamp(event), this.#clean);
  }
}
