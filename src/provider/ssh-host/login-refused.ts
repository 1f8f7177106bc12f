import { HopelessError } from '../ssh/errors.ts';
import type { Credentials, SeenKey } from './authentication.ts';
import { describeMachine } from './describe.ts';
import type { HostSettings } from './settings.ts';

/**
 * Tried again it would be refused again, and a server that counts such things would shut us out. The message goes into
 * the record of the run: only the hint names keys.
 */
export function loginRefused(settings: HostSettings, credentials: Credentials, cause: unknown): HopelessError {
  const { agentKeys, silentAgents, privateKeys, seen } = credentials;
  const over = seen.filter(({ passedOver }) => passedOver !== null).length;
  const tooMany = /too many authentication failures/i.test((cause as Error).message);
  return new HopelessError(
    `The machine refused the login${tooMany ? ', since too many keys were tried' : ''}. ` +
      `Keys of the agent that were tried: ${agentKeys}; of files: ${privateKeys.length}; passed over: ${over}.`,
    [
      ...(seen.length === 0
        ? ['There is no key: neither in a file that the configuration names, nor in an agent.']
        : []),
      ...seen.map(line),
      ...silentAgents.map((path) => `  No agent answers at ${path}.`),
      ...(tooMany ? ['Name the right one as IdentityFile, with `IdentitiesOnly yes`.'] : []),
      `\`${settings.command}\` has to work without a question. ${describeMachine(settings)}`,
    ].join('\n'),
    { cause },
  );
}

function line({ key, passedOver }: SeenKey): string {
  return `  ${key}: ${passedOver === null ? 'tried' : `passed over, since ${passedOver}`}`;
}
