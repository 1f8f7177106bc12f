import { hostNow } from './time-source.ts';
import type { VirtualTime } from './virtual-time.ts';

/**
 * What we use of v86's inside. None of it is in v86's typings; the version is pinned exactly, and the names were read in
 * its sources (src/main.js, src/cpu.js).
 */
export interface Inside {
  /** Called where v86 would sleep for `t` ms; it goes on by `yield_callback(tick)`. */
  yield: (t: number, tick: number) => void;
  yield_callback: (tick: number) => void;
  readonly cpu: {
    /** Wraps at 2^32. */
    readonly instruction_counter: Int32Array;
    readonly in_hlt: Int8Array;
  };
}

/** As much of WebAssembly as v86's compiler uses; TypeScript knows it only together with a browser's types. */
interface Assembly {
  instantiate: (code: Uint8Array, imports?: object) => PromiseLike<{ readonly instance: object }>;
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object, imports?: object) => object;
}

const assembly = (globalThis as unknown as { readonly WebAssembly: Assembly }).WebAssembly;

/** An idle processor is never skipped by less, in ms: v86's own time would stand still. */
const shortestSkipMs = 0.02;
/** How often the time is told, in ms by the host's clock. */
const toldEveryMs = 250;

export interface VirtualEvents {
  readonly onTime: (atMs: number) => void;
  /** The guest has printed nothing for too long. The machine stands still from then on. */
  readonly onSilent: (atMs: number) => void;
}

/**
 * Drives a machine whose clock counts instructions. Where v86 would sleep, the clock is put forward instead. What v86's
 * compiler makes is compiled at once, and handed over at the next pause in the guest's work: otherwise it would depend on
 * the host when it comes in, and with it where interrupts fall.
 */
export class VirtualDriver {
  readonly #inside: Inside;
  readonly #time: VirtualTime;
  readonly #events: VirtualEvents;
  readonly #soon: (work: () => void) => void;
  readonly #compiled: (() => void)[] = [];
  readonly #hostYield: Inside['yield'];
  readonly #hostInstantiate = assembly.instantiate;
  #typing: (() => void)[] = [];
  #onHalt: (() => void) | null = null;
  #pausedAt: number | null = null;
  #toldMs = 0;
  #quietSinceMs: number;
  #silenceMs = Infinity;

  /** `soon`: calls back once the thread's own messages were handled. To be made before the machine runs. */
  constructor(inside: Inside, time: VirtualTime, events: VirtualEvents, soon: (work: () => void) => void) {
    this.#inside = inside;
    this.#time = time;
    this.#events = events;
    this.#soon = soon;
    this.#hostYield = inside.yield.bind(inside);
    this.#quietSinceMs = time.now();
    inside.yield = (ms, tick) => {
      this.#yield(ms, tick);
    };
    const compile = (code: Uint8Array, imports?: object): object => ({
      then: (resolve: (result: { readonly instance: object }) => void) => {
        const instance = new assembly.Instance(new assembly.Module(code), imports);
        this.#compiled.push(() => {
          resolve({ instance });
        });
        return { catch: () => undefined };
      },
    });
    assembly.instantiate = compile as Assembly['instantiate'];
  }

  /** To be called when the machine's processor is as it will be: after a boot was begun, or a state restored. */
  countInstructions(): void {
    const { instruction_counter: counter } = this.#inside.cpu;
    this.#time.count(() => (counter[0] ?? 0) >>> 0);
  }

  limitSilence(ms: number): void {
    this.#silenceMs = ms;
    this.#quietSinceMs = this.#time.now();
  }

  heard(): void {
    this.#quietSinceMs = this.#time.now();
  }

  /** Does something at the next pause in the guest's work. */
  type(work: () => void): void {
    this.#typing.push(work);
  }

  /** Stands still once the processor waits; then calls back. */
  pauseWhenHalted(onHalt: () => void): void {
    this.#onHalt = onHalt;
  }

  /** The clock becomes the host's, and the machine goes on. */
  followHost(hostDate: number): void {
    this.#time.follow(hostNow, hostDate);
    this.#inside.yield = this.#hostYield;
    assembly.instantiate = this.#hostInstantiate;
    this.#handOver();
    const tick = this.#pausedAt;
    this.#pausedAt = null;
    if (tick !== null) this.#inside.yield_callback(tick);
  }

  #yield(ms: number, tick: number): void {
    if (this.#pausedAt !== null) {
      this.#pausedAt = tick; // an interrupt, which waits as the machine does
      return;
    }
    this.#handOver();
    const [typing, isHalted] = [this.#typing, this.#inside.cpu.in_hlt[0] !== 0];
    this.#typing = [];
    for (const work of typing) work();
    if (isHalted && typing.length === 0 && this.#onHalt !== null) {
      const tell = this.#onHalt;
      this.#onHalt = null;
      this.#pausedAt = tick;
      tell();
      return;
    }
    if (isHalted) this.#time.skip(Math.max(ms, shortestSkipMs));
    const nowMs = this.#time.now();
    if (nowMs - this.#quietSinceMs > this.#silenceMs) {
      this.#pausedAt = tick;
      this.#events.onSilent(nowMs);
      return;
    }
    const hostMs = hostNow();
    if (hostMs - this.#toldMs > toldEveryMs) {
      this.#toldMs = hostMs;
      this.#events.onTime(nowMs);
    }
    this.#soon(() => {
      this.#inside.yield_callback(tick);
    });
  }

  #handOver(): void {
    for (const hand of this.#compiled.splice(0)) hand();
  }
}
