/**
 * How long the slow parts of the tests may take, in milliseconds. None is longer than the `timeout` that package.json gives
 * ava: while a test's own limit runs, ava's is let go when it is reached, and not set again; what hangs then would hang for
 * ever.
 */
export const limits = {
  /** A machine boots under software emulation, and a study runs in it; ten times what it takes. */
  bootMs: 5 * 60_000,
  /** A box or a disk is built from packages. */
  buildMs: 10 * 60_000,
  /** A command in a guest, what is waited for in it, or a plan in a shell of this machine. */
  commandMs: 2 * 60_000,
  /** A process of the product's command line. */
  processMs: 4 * 60_000,
} as const;
