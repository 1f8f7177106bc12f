import { GuestError } from '../../core/errors.ts';
import type { Unanswered } from './any-shell.ts';

/** A failure that another attempt would meet again. */
export class HopelessError extends GuestError {}

/** Whether the server answered, and refused every key, or had enough of them (OpenSSH's MaxAuthTries). */
export function isLoginRefusal(error: unknown): boolean {
  const cause = error instanceof Error ? (error.cause as { level?: string; message?: string } | undefined) : undefined;
  return cause?.level === 'client-authentication' || /too many authentication failures/i.test(cause?.message ?? '');
}

/** The machine runs something else than the commands that it is asked to run. */
export class UnansweredError extends GuestError {
  readonly unanswered: Unanswered;
  /** How that ended; null: by a signal. */
  readonly status: number | null;

  constructor(unanswered: Unanswered, status: number | null) {
    super(
      'The machine did not run the command that was asked for.',
      `It said: ${unanswered.said === '' ? '(nothing)' : unanswered.said}`,
    );
    this.unanswered = unanswered;
    this.status = status;
  }
}

/** The host key is not the expected one: another machine may have answered. */
export class HostKeyError extends HopelessError {}
