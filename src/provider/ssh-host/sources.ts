import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where the user's SSH settings are: those of this machine, or of a test. */
export interface SshSources {
  readonly home: string;
  /** Of the settings of the whole system. */
  readonly systemFolder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export function ownSources(): SshSources {
  const windows = join(process.env['ProgramData'] ?? 'C:\\ProgramData', 'ssh');
  return {
    home: homedir(),
    systemFolder: process.platform === 'win32' ? windows : '/etc/ssh',
    environment: process.env,
  };
}
