import { GuestLeftError, messageOf, RefigureError } from './errors.ts';

interface CleanUp {
  readonly failure: string;
  readonly run: () => unknown;
}

/** The one owner of what has to be undone. Clean-ups are added as things are made, and run in reverse order. */
export class Scope {
  readonly #cleanUps: CleanUp[] = [];

  /**
   * `failure` says what is so when the clean-up fails, as a clause: 'the guest could not be stopped'. The function that
   * comes back takes the clean-up away again, for when somebody else is to own it.
   */
  defer(failure: string, run: () => unknown): () => void {
    const cleanUp = { failure, run };
    this.#cleanUps.push(cleanUp);
    return () => {
      const index = this.#cleanUps.indexOf(cleanUp);
      if (index >= 0) this.#cleanUps.splice(index, 1);
    };
  }

  /** Runs every clean-up, whatever the others do. Resolves with the error of each that failed, in their order. */
  async close(): Promise<readonly CleanUpFailure[]> {
    const failures: CleanUpFailure[] = [];
    for (let next = this.#cleanUps.pop(); next !== undefined; next = this.#cleanUps.pop()) {
      try {
        await next.run();
      } catch (error) {
        failures.push({ failure: next.failure, error });
      }
    }
    return failures;
  }
}

export interface CleanUpFailure {
  readonly failure: string;
  readonly error: unknown;
}

/**
 * Does some work with a scope, which is closed however the work ends. Rejects with what ended the work; where a clean-up
 * failed besides, with a GuestLeftError that tells both. (`await using` would reject with a SuppressedError, whose own
 * message tells neither.)
 */
export async function withScope<T>(work: (scope: Scope) => Promise<T>): Promise<T> {
  const scope = new Scope();
  let result: T;
  try {
    result = await work(scope);
  } catch (error) {
    throw (await scope.close()).reduce(tellBoth, error);
  }
  const [first, ...others] = await scope.close();
  if (first !== undefined) throw others.reduce(tellBoth, first.error);
  return result;
}

/** What ended the work, and that something of it may run on, or be left. No hint of either is lost. */
function tellBoth(first: unknown, { failure, error }: CleanUpFailure): GuestLeftError {
  const second = error instanceof GuestLeftError ? error.message : `Then ${failure}: ${messageOf(error)}`;
  const hint = error instanceof RefigureError ? error.hint : 'See what still runs on this machine.';
  const hints = first instanceof GuestLeftError ? `${first.hint}\n${hint}` : hint;
  return new GuestLeftError(`${messageOf(first)} ${second}`, hints, { cause: first });
}
