/** Stands for what was not asked of the guest, or has no answer that can be read: it is not empty, it is not known. */
export class NotObserved {
  /** Why, as the end of a sentence. */
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

/** What may not be known. */
export type Known<T> = T | NotObserved;

/** null: it is not known. */
export function ifKnown<T>(value: Known<T>): T | null {
  return value instanceof NotObserved ? null : value;
}
