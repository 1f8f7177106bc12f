import type { JournalEvent, StepPurpose } from '../evidence/journal-decoder.ts';
import { readLeftBehind, unlessNothing } from '../evidence/left-behind.ts';
import { needState } from '../evidence/needs.ts';
import type { Tell } from './events.ts';

/** What the guest is asked around an experiment's steps: its answers are told, and not the commands that asked. */
export class AskedRecorder {
  readonly #lacks: { readonly kind: string; readonly name: string }[] = [];
  readonly #left: Buffer[] = [];
  #need: { readonly kind: string; readonly name: string } | null = null;

  /** Whether it is of a question; within a step of any other purpose none is. */
  handle(event: JournalEvent, purpose: StepPurpose): boolean {
    if (purpose !== 'needs' && purpose !== 'left') return false;
    switch (event.kind) {
      case 'start':
        this.#need = { kind: event.id ?? '', name: event.subject ?? '' };
        return true;
      case 'output':
        if (purpose === 'left') this.#left.push(event.bytes);
        return true;
      case 'end':
        this.#endNeed(purpose, event.status);
        return true;
      default:
        return false;
    }
  }

  /** At the end of the journal; `began`: whether a step of the study did. */
  tell(tell: Tell, experiment: string, began: boolean): void {
    const left = unlessNothing(readLeftBehind(Buffer.concat(this.#left).toString('utf8')));
    if (left !== null) tell({ kind: 'left-behind', experiment, ...left });
    if (!began) tell({ kind: 'experiment-skipped', experiment, lacks: this.#lacks });
  }

  #endNeed(purpose: 'needs' | 'left', status: number): void {
    const need = this.#need;
    if (purpose === 'needs' && need !== null && needState(need.kind, status) === 'lacking') this.#lacks.push(need);
  }
}
