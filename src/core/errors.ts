import { problemText, type StudyProblem } from './study-problem.ts';

/** Exit statuses of the command line; a refuted claim is no error but a result (status 1). */
export const exitStatus = {
  upheld: 0,
  notUpheld: 1,
  usage: 2,
  infrastructure: 69,
  interrupted: 130,
} as const;

/**
 * What every error of ours has: a message that says what happened and where, and a hint that says what to do next.
 * One subclass for each party at fault.
 */
export abstract class RefigureError extends Error {
  abstract override readonly name: string;
  abstract readonly exitStatus: number;
  readonly hint: string;

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.hint = hint;
  }
}

/** The command line asked for something that cannot be done. */
export class UsageError extends RefigureError {
  override readonly name = 'UsageError';
  override readonly exitStatus = exitStatus.usage;
}

export type { StudyProblem };

/** A study is broken; every problem found is listed, not just the first. */
export class StudyError extends RefigureError {
  override readonly name = 'StudyError';
  override readonly exitStatus = exitStatus.usage;
  readonly problems: readonly StudyProblem[];

  constructor(problems: readonly StudyProblem[], hint = 'Mend the lines named above, then try `refigure lint` on it.') {
    super(problems.map(problemText).join('\n'), hint);
    this.problems = problems;
  }
}

/** This machine lacks something: disk, memory, a readable image, a writable folder. */
export class HostError extends RefigureError {
  override readonly name = 'HostError';
  override readonly exitStatus = exitStatus.infrastructure;
}

/** The guest did not boot, went away, or broke its contract. */
export class GuestError extends RefigureError {
  override readonly name = 'GuestError';
  override readonly exitStatus = exitStatus.infrastructure;
}

/** The connection broke in the midst of a command, which may have run and may run on; another one can be tried. */
export class ConnectionLostError extends RefigureError {
  override readonly name = 'ConnectionLostError';
  override readonly exitStatus = exitStatus.infrastructure;
}

/** A guest that could not be ended: it may run on, and only the user can see to it. */
export class GuestLeftError extends RefigureError {
  override readonly name = 'GuestLeftError';
  override readonly exitStatus = exitStatus.infrastructure;
}

/** A saved run is damaged or is none. */
export class EvidenceError extends RefigureError {
  override readonly name = 'EvidenceError';
  override readonly exitStatus = exitStatus.usage;
}

/** An error after which something else failed, too: it is what it was, and tells both. */
export class FollowedError extends RefigureError {
  override readonly name: string;
  override readonly exitStatus: number;

  /** `then`: a sentence. */
  constructor(first: RefigureError, then: string) {
    super(`${first.message}\n${then}`, first.hint, { cause: first });
    this.name = first.name;
    this.exitStatus = first.exitStatus;
  }
}

/** What an unknown thrown value says, for messages; the rest of it is for `cause`. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The thrown value itself where it is an error, and an error that says it where it is none. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** The user (or the system) asked to stop. */
export class InterruptedError extends RefigureError {
  override readonly name = 'InterruptedError';
  override readonly exitStatus = exitStatus.interrupted;

  constructor(during: string) {
    super(`Interrupted during ${during}.`, 'What was captured until then is kept.');
  }
}

/** An error as data, for programs. */
export interface Failure {
  /** The class of the error, which says whose fault it is: `StudyError`, `HostError`, `GuestError` … */
  readonly name: string;
  readonly message: string;
  readonly hint: string;
  /** Of the command line, for this error. */
  readonly exitStatus: number;
  /** What is wrong with the study, place by place; empty for every other error. */
  readonly problems: readonly StudyProblem[];
}

export const defectHint = 'This is a defect of Refigure; please report it.';

function withoutExcerpt({ file, line, column, message }: StudyProblem): StudyProblem {
  return { file, line, column, message };
}

export function failureOf(thrown: unknown): Failure {
  const problems = thrown instanceof StudyError ? thrown.problems.map(withoutExcerpt) : [];
  if (thrown instanceof RefigureError) {
    const { name, message, hint, exitStatus: status } = thrown;
    return { name, message, hint, exitStatus: status, problems };
  }
  const { name, message } = asError(thrown);
  // Node's own status for this would be 1, which says that a claim is refuted.
  return { name, message, hint: defectHint, exitStatus: exitStatus.infrastructure, problems };
}
