import { HopelessError } from '../ssh/session.ts';
import type { Credentials } from './authentication.ts';
import type { HostSettings } from './settings.ts';

/** Tried again it would be refused again, and a server that counts such things would shut us out. */
export function loginRefused({ command }: HostSettings, credentials: Credentials, cause: unknown): HopelessError {
  const { agentKeys, privateKeys, locked } = credentials;
  const isLocked = locked.length > 0 ? '; a key with a passphrase is used through the agent only' : '';
  const add = locked.map((path) => `\`ssh-add ${path}\``).join(', ');
  return new HopelessError(
    `The machine refused the login. Keys of the agent that were tried: ${agentKeys}; of files: ${privateKeys.length}${isLocked}.`,
    `${add === '' ? '' : `Put the key into the agent: ${add}. `}\`${command}\` has to work without a question.`,
    { cause },
  );
}
