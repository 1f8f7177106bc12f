import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GuestError } from '../../core/errors.ts';
import type { GuestIdentity, SealedGuest, SealedLoad, SealedOutput } from '../../core/guest.ts';
import type { GuestLoss } from '../../core/transport.ts';
import { GuestConsole } from '../guest-console.ts';
import type { BootImage } from '../image.ts';
import { rejectOn } from '../reject-on.ts';
import { sealedTraits, startsAtMs } from '../sealed/clock.ts';
import { cpioArchive } from '../sealed/cpio.ts';
import { FrameReader } from '../sealed/frames.ts';
import { emulatorSeed, packLoad, sealedWords } from '../sealed/load.ts';
import { SilenceWatch } from '../sealed/silence-watch.ts';
import { StuckWatch } from '../sealed/stuck-watch.ts';
import { acceleratorNames } from './accelerators.ts';
import { FileTail } from './file-tail.ts';
import { QemuMachine } from './machine.ts';
import { instructionsPerSecond, portDevice, sealedArguments } from './sealed-arguments.ts';
import type { Attempt } from './start.ts';

/** How often the machine's output and its clock are looked at, in ms. */
const pollMs = 50;

/** Our image under QEMU with a virtual clock. QEMU is started when the guest gets its load, which is in what it boots. */
export class QemuSealedGuest implements SealedGuest {
  readonly sealed = true;
  readonly identity: GuestIdentity;
  readonly lost: Promise<GuestLoss>;
  readonly open = null;
  readonly #image: BootImage;
  readonly #attempt: Attempt;
  readonly #memoryMiB: number;
  readonly #console = new GuestConsole();
  readonly #stopping = new AbortController();
  #settleLost: (loss: GuestLoss) => void = () => undefined;
  /** Settles when nothing runs any more; rejects never. */
  #running: Promise<void> = Promise.resolve();

  constructor(image: BootImage, attempt: Attempt, memoryMiB: number) {
    this.#image = image;
    this.#attempt = attempt;
    this.#memoryMiB = memoryMiB;
    const { options, program } = attempt;
    this.identity = {
      name: 'mini',
      provider: `QEMU ${program.version}, ${acceleratorNames.tcg}`,
      image: image.identity,
      start: 'booted',
      ...sealedTraits(instructionsPerSecond, options.seed),
    };
    this.lost = new Promise((resolve) => (this.#settleLost = resolve));
  }

  copyCommand(channel: number): string {
    return `/init frame ${portDevice} ${channel}`;
  }

  run(load: SealedLoad, onOutput: (output: SealedOutput) => void, signal: AbortSignal): Promise<void> {
    const running = this.#run(load, onOutput, AbortSignal.any([signal, this.#stopping.signal]));
    this.#running = running.catch(() => undefined); // the caller is told
    return running;
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new GuestError('The guest was stopped before its program had ended.', 'Run again.'));
    await this.#running;
    await this.#attempt.removeFolder();
  }

  async #run(load: SealedLoad, onOutput: (output: SealedOutput) => void, signal: AbortSignal): Promise<void> {
    const machine = await this.#boot(load, signal);
    try {
      await this.#hear(machine, new SilenceWatch(load.silenceMs), onOutput, signal);
    } finally {
      // It does not end by itself, and would race through its time.
      await machine.end();
    }
  }

  async #boot(load: SealedLoad, signal: AbortSignal): Promise<QemuMachine> {
    const { folder, options, program } = this.#attempt;
    const initramfs = join(folder, 'initramfs');
    // The load comes first: what the image is packed with has no mark at its end, and takes what follows for more of it.
    await writeFile(initramfs, [cpioArchive('load', await packLoad(load)), await readFile(this.#image.initramfs)]);
    signal.throwIfAborted();
    const flags = sealedArguments({
      memoryMiB: this.#memoryMiB,
      kernel: this.#image.kernel,
      initramfs,
      commandLine: `${commandLine} ${sealedWords(load, options.seed, null)}`,
      seed: emulatorSeed(options.seed),
      console: consoleFile(folder),
      port: portFile(folder),
    });
    return QemuMachine.start({ program, folder, flags, resume: null, onConsole: null, signal });
  }

  /** Hands out what the guest prints, to its end. */
  async #hear(
    machine: QemuMachine,
    silence: SilenceWatch,
    onOutput: (output: SealedOutput) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const { folder } = this.#attempt;
    const tails = { console: await FileTail.open(consoleFile(folder)), port: await FileTail.open(portFile(folder)) };
    const gone = machine.gone.then((reason) => {
      this.#settleLost({ reason });
      throw new GuestError(`The guest went away: ${reason}.`, 'All that had arrived is in the run folder; run again.');
    });
    const stuck = new StuckWatch();
    const over = this.#console.over().then(() => 'over' as const);
    const end = Promise.race([over, gone, stuck.watch(), rejectOn(signal)]);
    end.catch(() => undefined); // whoever waits for it is told
    const frames = new FrameReader(({ channel, bytes }) => {
      onOutput({ channel, bytes: Buffer.from(bytes), atMs: null });
    });
    const read = (): Promise<boolean> => this.#read(tails, frames);
    try {
      await this.#follow(machine, end, { silence, stuck, read });
    } finally {
      stuck.end();
      await read();
      await Promise.all([tails.console.close(), tails.port.close()]);
    }
  }

  /** Looks until the end. Rejects as `end` does, or with GuestError where the guest was silent for too long. */
  async #follow(
    machine: QemuMachine,
    end: Promise<'over'>,
    { silence, stuck, read }: { silence: SilenceWatch; stuck: StuckWatch; read: () => Promise<boolean> },
  ): Promise<void> {
    let last: number | null = null;
    for (;;) {
      const clockMs = await Promise.race([end, machine.clockMs().catch(() => null)]); // null: it ends, which is told
      if (clockMs === 'over') return;
      const heard = await read();
      if (heard || clockMs !== last) stuck.heard();
      last = clockMs;
      if (clockMs !== null) {
        silence.look(clockMs - startsAtMs, heard);
        this.#attempt.options.onTime?.(clockMs - startsAtMs);
      }
      if ((await Promise.race([end, sleep(pollMs)])) === 'over') return;
    }
  }

  /** Whether there was anything. The console first, and handed on last: what it says is over is then here whole. */
  async #read(tails: { readonly console: FileTail; readonly port: FileTail }, frames: FrameReader): Promise<boolean> {
    const said = await tails.console.read();
    const output = await tails.port.read();
    frames.push(output);
    if (said.length > 0) {
      this.#console.push(said);
      this.#attempt.options.onConsole(said);
    }
    return said.length + output.length > 0;
  }
}

// random.trust_cpu=off: the pool has what the seed gives, and nothing else. panic=-1: a kernel that panics restarts at
// once, which ends QEMU (-no-reboot).
const commandLine = 'console=ttyS0 quiet rdinit=/init panic=-1 random.trust_cpu=off nokaslr refigure.sealed';

function consoleFile(folder: string): string {
  return join(folder, 'console');
}

function portFile(folder: string): string {
  return join(folder, 'port');
}
