import { homedir } from 'node:os';

/** Where the user's SSH settings are: those of this machine, or of a test. */
export interface SshSources {
  /** Its `.ssh/config` is the one that counts. */
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export function ownSources(): SshSources {
  return { home: homedir(), environment: process.env };
}
