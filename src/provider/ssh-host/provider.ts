import type { GuestIdentity } from '../../core/guest.ts';
import type { Provider, ProviderTerms, StartOptions } from '../../core/provider.ts';
import { guestOver } from '../guest-over.ts';
import { connectToHost } from './connect.ts';
import { requireMachine } from './require-machine.ts';
import { readSettings } from './settings.ts';
import { ownSources, type SshSources } from './sources.ts';
import { parseSshUrl } from './url.ts';

export interface SshHostOptions {
  /** By default those of this machine. */
  readonly sources?: SshSources;
  /** For how long a connection that was lost is tried again, in ms. */
  readonly reconnectLimitMs?: number;
}

const defaultReconnectLimitMs = 60_000;

/** What the evidence says of it: no name, no address, no user. */
const name = 'ssh';
const description = 'a machine reached over SSH';

const identity: GuestIdentity = {
  name,
  provider: description,
  image: { name: 'none', files: [] },
  ownership: 'borrowed',
  start: 'running',
  clock: { kind: 'real' },
  transport: { kind: 'ssh', hostKey: { source: 'known hosts' } },
};

const terms: ProviderTerms = {
  ownership: 'borrowed',
  clocks: [
    {
      kind: 'real',
      keep: {
        state: 'no',
        reason:
          '--keep leaves a guest running, and a machine of yours runs anyway: it is left as it was before the run.',
        hint: 'Leave --keep out; the evidence has what the experiments saw.',
      },
    },
  ],
  cold: {
    state: 'no',
    reason: '--cold boots a guest from nothing, and a machine of yours runs already, and no run restarts it.',
    hint: 'Leave --cold out; for a machine that boots for the run, name another guest (`refigure guests` lists them).',
  },
};

/**
 * A machine that the user already has, named by an `ssh://` URL. Throws UsageError for a URL that is none. It is not
 * booted and not stopped. The run itself leaves it as it was (run/borrowed-machine.ts).
 */
export function makeSshHostProvider(url: string, options: SshHostOptions = {}): Provider {
  const { sources = ownSources(), reconnectLimitMs = defaultReconnectLimitMs } = options;
  const target = parseSshUrl(url);
  return {
    name,
    through: 'SSH',
    description,
    terms,
    available: () => Promise.resolve({ state: 'yes' }),
    start: async ({ onPhase, signal }: StartOptions) => {
      onPhase('connecting');
      const settings = await readSettings(target, { sources, signal });
      const transport = await connectToHost(settings, sources, reconnectLimitMs, signal);
      try {
        await requireMachine(transport, settings, signal);
      } catch (error) {
        transport.close();
        throw error;
      }
      // The user has a way in already. There is nothing to end but the connection, which guestOver closes.
      return guestOver(transport, { identity, entrance: null, end: () => Promise.resolve() });
    },
  };
}
