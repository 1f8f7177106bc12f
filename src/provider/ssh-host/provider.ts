import { connect } from 'node:net';
import type { Guest, Provider, StartOptions } from '../../core/guest.ts';
import type { Connection } from '../ssh/connection.ts';
import { connectToHost } from './connect.ts';
import { requireMachine } from './require-machine.ts';
import { readSettings, type HostSettings } from './settings.ts';
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

/**
 * A machine that the user already has, named by an `ssh://` URL. Throws UsageError for a URL that is none. It is not
 * booted and not stopped; that a run leaves it as it was is the run's own care (run/borrowed-machine.ts).
 */
export function makeSshHostProvider(url: string, options: SshHostOptions = {}): Provider {
  const { sources = ownSources(), reconnectLimitMs = defaultReconnectLimitMs } = options;
  const target = parseSshUrl(url);
  return {
    name,
    through: 'SSH',
    description,
    available: () => Promise.resolve({ state: 'yes' }),
    start: async ({ onPhase, signal }: StartOptions) => {
      onPhase('connecting');
      const settings = await readSettings(target, sources);
      const connection = await connectToHost(settings, reconnectLimitMs, signal);
      try {
        await requireMachine(connection, settings, signal);
      } catch (error) {
        connection.close();
        throw error;
      }
      return makeGuest(connection, settings);
    },
  };
}

function makeGuest(connection: Connection, settings: HostSettings): Guest {
  const { hostName, port, user } = settings;
  return {
    identity: {
      name,
      provider: description,
      image: { name: 'none', files: [] },
      start: 'borrowed',
      hostKeySource: 'known hosts',
      hostKeySha256: null,
    },
    execute: (command, options) => connection.execute(command, options),
    upload: (folder, files, signal) => connection.upload(folder, files, signal),
    lost: new Promise(() => undefined), // nobody tells us; a connection that cannot be made again does
    // The user has a way in; none is made for anybody else.
    access: { username: user, privateKey: '', hostKey: connection.hostKey, connect: () => connect(port, hostName) },
    stop: () => {
      connection.close();
      return Promise.resolve();
    },
  };
}
