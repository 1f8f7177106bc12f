import type { JournalEvent } from '../evidence/journal-decoder.ts';
import { needState } from '../evidence/needs.ts';

/** What the guest says that it lacks of what an experiment needs. */
export class NeedsRecorder {
  readonly lacks: { readonly kind: string; readonly name: string }[] = [];
  #asked: { readonly kind: string; readonly name: string } | null = null;

  start({ id, subject }: JournalEvent & { readonly kind: 'start' }): void {
    this.#asked = { kind: id ?? '', name: subject ?? '' };
  }

  end({ status }: JournalEvent & { readonly kind: 'end' }): void {
    if (this.#asked !== null && needState(this.#asked.kind, status) === 'lacking') this.lacks.push(this.#asked);
    this.#asked = null;
  }
}
