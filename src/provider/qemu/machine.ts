import { once } from 'node:events';
import { execa } from 'execa';
import { z } from 'zod';
import { GuestError } from '../../core/errors.ts';
import { GuestConsole } from '../guest-console.ts';
import { monitorSocket, type MonitorSocket } from './monitor-socket.ts';
import type { QemuProgram } from './program.ts';
import { endError, endOf, processOptions, type ProcessEnd, type QemuProcess } from './process-end.ts';
import { MonitorLostError, Qmp } from './qmp.ts';

export interface ProcessOptions {
  readonly program: QemuProgram;
  /** A folder of this machine's own; it has the monitor's socket. */
  readonly folder: string;
  /** What the machine is made of. */
  readonly flags: readonly string[];
  /** A saved state to resume: the snapshot's name. It is in one of the drives. */
  readonly resume: string | null;
  /** Each piece of what the serial port prints; null: the flags say where that goes. */
  readonly onConsole: ((chunk: Buffer) => void) | null;
  readonly signal: AbortSignal;
}

/** How long QEMU may take until its monitor answers; it loads a state of some hundred MB before. */
const monitorLimitMs = 30_000;
/** How long QEMU may take to end, once it was told to. */
const quitLimitMs = 3000;

/** A running QEMU, driven over QMP. Unless the flags say otherwise its serial port is its standard input and output. */
export class QemuMachine {
  /** What its serial port prints; nothing where the flags say otherwise. */
  readonly console: GuestConsole;
  readonly #child: QemuProcess;
  readonly #qmp: Qmp;
  /** Settles with the reason when QEMU ended without `end` having been called; rejects never. */
  readonly gone: Promise<string>;
  readonly #exited: Promise<ProcessEnd>;
  #ending = false;

  private constructor(child: QemuProcess, console: GuestConsole, qmp: Qmp, exited: Promise<ProcessEnd>) {
    this.console = console;
    this.#child = child;
    this.#qmp = qmp;
    this.#exited = exited;
    this.gone = exited.then(({ reason }) => (this.#ending ? new Promise<never>(() => undefined) : reason));
  }

  /**
   * Rejects with GuestError, in QEMU's words, when QEMU ends before its monitor answers; or with the signal's reason. So
   * does whatever is asked of a machine whose QEMU has ended.
   */
  static async start(options: ProcessOptions): Promise<QemuMachine> {
    const monitor = await monitorSocket(options.folder);
    const child = execa(options.program.path, allArguments(options, monitor), processOptions);
    // Each machine has one of its own: what another one said before it, of which this one takes the place, is not heard.
    const guestConsole = new GuestConsole();
    child.stdout.on('data', (chunk: Buffer) => {
      guestConsole.push(chunk);
      options.onConsole?.(chunk);
    });
    child.stdin.on('error', () => undefined); // of a QEMU that has ended, which is told by its end
    const exited = endOf(child);
    try {
      const qmp = await openMonitor(monitor, exited, options.signal);
      return new QemuMachine(child, guestConsole, qmp, exited);
    } catch (error) {
      await kill(child);
      options.signal.throwIfAborted();
      throw error;
    } finally {
      monitor.close();
    }
  }

  /** Types on the serial port. */
  type(text: string): void {
    this.#child.stdin.write(text);
  }

  /** The port of 127.0.0.1 that leads to the guest's port 22. */
  async sshPort(): Promise<number> {
    const printed = await this.#ask((qmp) => qmp.monitor('info usernet'));
    const port = /TCP\[HOST_FORWARD\]\s+\d+\s+127\.0\.0\.1\s+(\d+)\s/.exec(printed)?.[1];
    if (port === undefined) throw new GuestError(`QEMU names no port of the guest:\n${printed}`, reportHint);
    return Number(port);
  }

  /** Saves the running machine into its qcow2 drives under a name. The machine stands still meanwhile. */
  async saveState(name: string): Promise<void> {
    const complaint = (await this.#ask((qmp) => qmp.monitor(`savevm ${name}`))).trim();
    if (complaint !== '') throw new GuestError(`QEMU could not save the machine's state: ${complaint}`, reportHint);
  }

  /** The time of the machine's battery-backed clock, to the second, in ms since 1970. The guest does not notice. */
  async clockMs(): Promise<number> {
    const path = { path: '/machine', property: 'rtc-time' };
    const time = brokenDownTime.parse(await this.#ask((qmp) => qmp.execute('qom-get', path)));
    const { tm_year: year, tm_mon: month, tm_mday: day, tm_hour: hour, tm_min: minute, tm_sec: second } = time;
    return Date.UTC(year + 1900, month, day, hour, minute, second);
  }

  /** The machine stands still until `resume`. */
  async pause(): Promise<void> {
    await this.#ask((qmp) => qmp.execute('stop'));
  }

  async resume(): Promise<void> {
    await this.#ask((qmp) => qmp.execute('cont'));
  }

  /** Takes away a drive that the guest does not see. */
  async removeDrive(id: string): Promise<void> {
    await this.#ask((qmp) => qmp.execute('blockdev-del', { 'node-name': id }));
  }

  async #ask<T>(question: (qmp: Qmp) => Promise<T>): Promise<T> {
    try {
      return await question(this.#qmp);
    } catch (error) {
      throw await causeOf(error, this.#exited);
    }
  }

  /**
   * Ends the machine. Presses its power button and waits for `powerOffMs`; 0: not at all, since the disk is thrown
   * away. Then tells QEMU to quit, then kills it.
   */
  async end(powerOffMs = 0): Promise<void> {
    this.#ending = true;
    if (powerOffMs > 0) {
      await this.#qmp.execute('system_powerdown').catch(() => undefined); // it has ended already, or it is told below
      await settlesWithin(this.#exited, powerOffMs);
    }
    this.#qmp.execute('quit').catch(() => undefined); // its answer may not come any more
    await settlesWithin(this.#exited, quitLimitMs);
    await kill(this.#child);
    this.#qmp.close();
  }
}

/** As C has it (struct tm). */
const brokenDownTime = z.object({
  tm_year: z.number(),
  tm_mon: z.number(),
  tm_mday: z.number(),
  tm_hour: z.number(),
  tm_min: z.number(),
  tm_sec: z.number(),
});

const reportHint = 'Run again, or with another guest; report it if it stays.';

function allArguments({ flags, folder, onConsole, resume }: ProcessOptions, monitor: MonitorSocket): string[] {
  return [
    ...flags,
    ...(onConsole === null ? [] : ['-chardev', 'stdio,id=console,signal=off', '-serial', 'chardev:console']),
    ...['-chardev', `${monitor.chardev},id=monitor`, '-mon', 'chardev=monitor,mode=control'],
    ...(process.platform === 'win32' ? [] : ['-name', `refigure-${folder.replaceAll(/[^A-Za-z0-9]+/g, '-')}`]),
    ...(resume === null ? [] : ['-loadvm', resume]),
  ];
}

/** What is at the bottom of a failure of the monitor: QEMU's end, which is heard of a little after its connection broke. */
async function causeOf(error: unknown, exited: Promise<ProcessEnd>): Promise<unknown> {
  if (!(error instanceof MonitorLostError)) return error;
  const end = await settlesWithin(exited, quitLimitMs);
  return end === null ? new GuestError(`QEMU runs, but ${error.message}.`, reportHint) : endError(end);
}

async function openMonitor(monitor: MonitorSocket, exited: Promise<ProcessEnd>, signal: AbortSignal): Promise<Qmp> {
  const late = AbortSignal.timeout(monitorLimitMs);
  const died = new AbortController();
  const until = AbortSignal.any([signal, late, died.signal]);
  void exited.then((end) => {
    died.abort(endError(end));
  });
  const socket = await monitor.open(until);
  const giveUp = (): void => {
    socket.destroy();
  };
  until.addEventListener('abort', giveUp, { once: true });
  try {
    return await Qmp.open(socket);
  } catch (error) {
    until.throwIfAborted();
    throw await causeOf(error, exited);
  } finally {
    until.removeEventListener('abort', giveUp);
  }
}

/** Kills the child by its process id; does nothing where it has ended already. */
async function kill(child: QemuProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

/** What it settled with; null: it did not. */
async function settlesWithin<T>(work: Promise<T>, limitMs: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => {
      resolve(null);
    }, limitMs);
  });
  const result = await Promise.race([work, late]);
  clearTimeout(timer);
  return result;
}
