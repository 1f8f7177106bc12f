import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GuestError } from '../core/errors.ts';
import type { OpenGuest, SshEntrance } from '../core/guest.ts';
import type { Scope } from '../core/scope.ts';
import type { Tell } from '../run/events.ts';
import type { Interrupts } from './interrupts.ts';

/**
 * `--keep`: leaves the guest running, and tells how to enter it. One that cannot live without us is held until Ctrl-C.
 * Stopping it is its owner's.
 */
export async function keepGuest(guest: OpenGuest, holding: Holding): Promise<void> {
  if (guest.leave !== undefined) holding.tell({ kind: 'kept', how: 'left', ...(await guest.leave()) });
  else await holdGuest(guest, holding);
}

export interface Holding {
  readonly interrupts: Interrupts;
  readonly tell: Tell;
  /** Owns the way into the guest, which is closed before the guest is stopped. */
  readonly scope: Scope;
}

/**
 * A guest that lives in this process is reached by a port on the loopback interface that leads to its SSH server and
 * nowhere else.
 */
async function holdGuest({ entrance, lost }: OpenGuest, { interrupts, tell, scope }: Holding): Promise<void> {
  if (entrance === null) throw new GuestError('Nobody could enter the kept guest: it has no way in.', noKeepHint);
  const folder = await mkdtemp(join(tmpdir(), 'refigure-'));
  scope.defer(`the folder ${folder} could not be removed`, () => rm(folder, { recursive: true, force: true }));
  const server = createServer((socket) => {
    relay(socket, entrance);
  });
  scope.defer('the way into the guest could not be closed', () => server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const key = join(folder, 'key');
  const knownHosts = join(folder, 'known_hosts');
  await writeFile(key, entrance.privateKey, { mode: 0o600 });
  await writeFile(knownHosts, `[127.0.0.1]:${port} ssh-ed25519 ${entrance.hostKey}\n`);
  tell({ kind: 'kept', how: 'held', port, key, knownHosts, username: entrance.username });
  const gone = lost.then(({ reason }) => {
    throw new GuestError(`The kept guest went away: ${reason}.`, 'The run itself is whole; see its report.');
  });
  await Promise.race([interrupts.next(), gone]);
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
