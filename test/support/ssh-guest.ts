import type { OpenGuest } from '../../src/core/guest.ts';
import { makeSshHostProvider } from '../../src/provider/ssh-host/provider.ts';
import type { SshSources } from '../../src/provider/ssh-host/sources.ts';
import { bootGuest } from '../provider/booted-guest.ts';
import { sshHome } from './ssh-home.ts';
import type { HostKeyType, Sshd } from './sshd.ts';
import type { Teardowns } from './teardowns.ts';

export function sshUrl({ port }: Sshd, user = 'root'): string {
  return `ssh://${user}@127.0.0.1:${port}`;
}

/** Its line of known_hosts. */
export function knownLine({ port, hostKeys }: Sshd, type: HostKeyType = 'ed25519'): string {
  return `[127.0.0.1]:${port} ${hostKeys[type]}\n`;
}

/** A home whose key the server takes, and that knows the server. */
export function homeFor(t: Teardowns, sshd: Sshd, more: Readonly<Record<string, string>> = {}): Promise<SshSources> {
  return sshHome(t, { id_rsa: sshd.clientKey, known_hosts: knownLine(sshd), ...more });
}

/** The machine at a URL, as a guest. */
export function reach(url: string, sources: SshSources): Promise<OpenGuest> {
  return bootGuest(makeSshHostProvider(url, { sources, reconnectLimitMs: 5000 }));
}
