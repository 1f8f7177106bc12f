import { GuestError } from '../../core/errors.ts';
import type { GuestIdentity, GuestStart, OpenGuest, SealedGuest, SealedLoad, SealedOutput } from '../../core/guest.ts';
import type { StartOptions } from '../../core/provider.ts';
import type { GuestLoss } from '../../core/transport.ts';
import { makeBootKeys } from '../boot-keys.ts';
import { GuestConsole } from '../guest-console.ts';
import type { BootImage } from '../image.ts';
import { rejectOn } from '../reject-on.ts';
import { sealedTraits } from '../sealed/clock.ts';
import { emulatorSeed, packLoad, sealedWords } from '../sealed/load.ts';
import { StuckWatch } from '../sealed/stuck-watch.ts';
import { waitForBoot } from '../wait-for-boot.ts';
import { sealedCommandLine, type BootState } from './boot-state.ts';
import { connectGuest, endOf } from './guest.ts';
import { startMachine, type Machine } from './machine.ts';
import { emulatorSettings } from './start.ts';
import { v86Version } from './v86-version.ts';
import { instructionsPerSecond } from './virtual-time.ts';

export interface SealedMachine {
  readonly image: BootImage;
  readonly state: BootState;
  readonly start: GuestStart;
  readonly options: StartOptions;
}

const openLimitMs = 120_000;

/** An emulated machine whose clock is virtual. Its emulator is started when it gets its load. */
export class EmbeddedSealedGuest implements SealedGuest {
  readonly sealed = true;
  readonly identity: GuestIdentity;
  readonly lost: Promise<GuestLoss>;
  readonly #settings: SealedMachine;
  readonly #console = new GuestConsole();
  #settleLost: (loss: GuestLoss) => void = () => undefined;
  #machine: Machine | null = null;
  #opened: OpenGuest | null = null;
  #waits: Promise<unknown> = Promise.resolve();
  /** The emulator tells the guest's time four times a second, however slow the host is. */
  readonly #stuck = new StuckWatch();
  #stopped = false;

  constructor(settings: SealedMachine) {
    this.#settings = settings;
    const { image, options, start } = settings;
    this.identity = {
      name: 'embedded',
      provider: `v86 ${v86Version}`,
      image: image.identity,
      start,
      ...sealedTraits(instructionsPerSecond, options.seed),
    };
    this.lost = new Promise((resolve) => (this.#settleLost = resolve));
  }

  copyCommand(channel: number): string {
    return `/init frame /dev/hvc1 ${channel}`;
  }

  async run(load: SealedLoad, onOutput: (output: SealedOutput) => void, signal: AbortSignal): Promise<void> {
    const { image, options, state } = this.#settings;
    const bytes = await packLoad(load);
    signal.throwIfAborted();
    if (this.#stopped) throw new GuestError('The guest was stopped before it ran.', 'Run again.');
    const line = `${sealedWords(load, options.seed, bytes.length)}\n`;
    const given = { line, load: bytes, silenceMs: load.silenceMs };
    const virtual = { mark: state.mark, seed: emulatorSeed(options.seed), given };
    let hearWait: () => void = () => undefined;
    this.#waits = new Promise<void>((resolve) => (hearWait = resolve));
    const machine = startMachine(
      { ...emulatorSettings(image), commandLine: sealedCommandLine, state: state.bytes, virtual },
      {
        onConsole: (chunk) => {
          this.#console.push(chunk);
          options.onConsole(chunk);
        },
        onOutput: (output) => {
          this.#stuck.heard();
          onOutput(output);
        },
        onTime: (atMs) => {
          this.#stuck.heard();
          options.onTime?.(atMs);
        },
        onWait: hearWait,
      },
    );
    this.#machine = machine;
    const gone = endOf(machine);
    void gone.then((reason) => {
      this.#settleLost({ reason });
    });
    try {
      await Promise.race([
        this.#console.over(),
        this.#stuck.watch(),
        gone.then((reason) => {
          throw new GuestError(
            `The guest went away: ${reason}.`,
            'All that had arrived is in the run folder; run again.',
          );
        }),
        rejectOn(signal),
      ]);
    } finally {
      this.#stuck.end();
    }
  }

  readonly open = async (signal: AbortSignal): Promise<OpenGuest> => {
    const machine = this.#machine;
    if (machine === null) throw new GuestError('The guest has not run.', 'Run first.');
    await this.#waits;
    const keys = makeBootKeys(this.#settings.options.onNote);
    machine.followHost();
    machine.type(keys.line);
    const hostKey = await waitForBoot(this.#console.hostKey(), {
      guestConsole: this.#console,
      gone: endOf(machine),
      limitMs: openLimitMs,
      signal,
    });
    const { image, start } = this.#settings;
    const { privateKey } = keys.client;
    this.#opened = await connectGuest(machine, { hostKey, privateKey, image: image.identity, start, signal });
    return this.#opened;
  };

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#stuck.end();
    await (this.#opened?.stop() ?? this.#machine?.stop());
  }
}
