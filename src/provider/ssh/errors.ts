import { GuestError } from '../../core/errors.ts';
import type { Unanswered } from './any-shell.ts';

export const keptHint = 'What was captured until then is kept; run again.';

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

  /** `hint`: what follows what the machine said. */
  constructor(unanswered: Unanswered, status: number | null, hint: string) {
    super(
      'The machine did not run the command that was asked for.',
      `It said: ${unanswered.said === '' ? '(nothing)' : unanswered.said}\n${hint}`,
    );
    this.unanswered = unanswered;
    this.status = status;
  }
}

/** The host key is not the expected one: another machine may have answered. */
export class HostKeyError extends HopelessError {}
