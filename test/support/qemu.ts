import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import type { ExecutionContext } from 'ava';
import { GuestConsole } from '../../src/provider/guest-console.ts';
import { loadImage } from '../../src/provider/image.ts';
import { makeClientKey } from '../../src/provider/ssh/keys.ts';
import { SshSession } from '../../src/provider/ssh/session.ts';

export interface QemuGuest {
  readonly session: SshSession;
  readonly hostKey: string;
  /** QEMU's exit status, once it ended; null when it was ended by a signal. */
  readonly exited: Promise<number | null>;
}

const never = new AbortController().signal;

/** The image that ships, under QEMU's software emulation; ended with the test. The guest has no way out: restrict=on. */
export async function bootQemu(t: ExecutionContext, program: string): Promise<QemuGuest> {
  const image = await loadImage();
  const key = makeClientKey();
  const port = await freePort();
  const commandLine = `console=ttyS0 quiet rdinit=/init refigure.key=${key.publicBody} refigure.seed=${randomBytes(32).toString('hex')}`;
  const qemu = spawn(
    program,
    [
      ...['-machine', 'q35', '-accel', 'tcg,thread=multi', '-m', '128', '-nodefaults', '-display', 'none'],
      ...['-serial', 'stdio', '-monitor', 'none', '-no-reboot'],
      ...['-kernel', image.kernel, '-initrd', image.initramfs, '-append', commandLine],
      '-netdev',
      `user,id=net,restrict=on,net=192.168.86.0/24,hostfwd=tcp:127.0.0.1:${port}-192.168.86.100:22`,
      ...['-device', 'virtio-net-pci,netdev=net,romfile=', '-device', 'virtio-rng-pci'],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  t.teardown(() => end(qemu));
  const exited = once(qemu, 'exit').then(([status]) => status as number | null);

  const guestConsole = new GuestConsole();
  qemu.stdout.on('data', (chunk: Buffer) => {
    guestConsole.push(chunk);
  });
  let complaints = '';
  qemu.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  const early = exited.then((status) => {
    throw new Error(`QEMU ended with status ${status ?? 'none'}: ${complaints}\n${guestConsole.lastLines()}`);
  });
  early.catch(() => undefined); // also when it ends later, as it should
  const hostKey = await Promise.race([guestConsole.hostKey(), early]);

  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const session = await SshSession.open({
    socket,
    username: 'root',
    privateKeys: [key.privateKey],
    hostKey,
    signal: never,
  });
  return { session, hostKey, exited };
}

async function end(qemu: ChildProcess): Promise<void> {
  if (qemu.exitCode !== null || qemu.signalCode !== null) return;
  const exit = once(qemu, 'exit');
  qemu.kill('SIGKILL');
  await exit;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
