import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GuestError } from '../core/errors.ts';
import type { Guest, LeftGuest, SshEntrance } from '../core/guest.ts';
import type { Interrupts } from './interrupts.ts';

/** What the user's SSH client needs to enter a guest that is held; `key` and `knownHosts` are files. */
export interface HeldEntrance {
  readonly port: number;
  readonly key: string;
  readonly knownHosts: string;
  readonly username: string;
}

export function enterHelp({ port, key, knownHosts, username }: HeldEntrance): string {
  return (
    `The guest is kept. Enter it with:\n` +
    `  ssh -p ${port} -i "${key}" -o IdentitiesOnly=yes -o UserKnownHostsFile="${knownHosts}" ${username}@127.0.0.1\n` +
    `Ctrl-C here ends and removes it.\n`
  );
}

/** What `--keep` says of a guest that runs on by itself. */
export function leftHelp({ where, enter, remove }: LeftGuest): string {
  return (
    `The guest is kept, and the next run takes it, clean again. Enter it with:\n  ${enter}\n` +
    `Remove it with:\n  ${remove}\nBoth ${where}.\n`
  );
}

/**
 * `--keep`: leaves the guest running until Ctrl-C, and says how to enter it. A guest that lives in this process is
 * reached by a port on the loopback interface that leads to its SSH server and nowhere else.
 */
export async function holdGuest(
  { entrance, lost }: Guest,
  interrupts: Interrupts,
  say: (how: HeldEntrance) => void,
): Promise<void> {
  if (entrance === null) throw new GuestError('Nobody could enter the kept guest: it has no way in.', noKeepHint);
  const folder = await mkdtemp(join(tmpdir(), 'refigure-'));
  const server = createServer((socket) => {
    relay(socket, entrance);
  });
  try {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const key = join(folder, 'key');
    const knownHosts = join(folder, 'known_hosts');
    await writeFile(key, entrance.privateKey, { mode: 0o600 });
    await writeFile(knownHosts, `[127.0.0.1]:${port} ssh-ed25519 ${entrance.hostKey}\n`);
    say({ port, key, knownHosts, username: entrance.username });
    const gone = lost.then(({ reason }) => {
      throw new GuestError(`The kept guest went away: ${reason}.`, 'The run itself is whole; see its report.');
    });
    await Promise.race([interrupts.next(), gone]);
  } finally {
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

const noKeepHint = 'The run itself is whole; see its report. Leave --keep out next time.';

function relay(socket: Socket, entrance: SshEntrance): void {
  const guest = entrance.connect();
  const close = (): void => {
    socket.destroy();
    guest.destroy();
  };
  guest.on('error', close).on('close', close);
  socket.on('error', close).on('close', close);
  guest.once('connect', () => {
    socket.pipe(guest).pipe(socket);
  });
}
