import { hostNow, hostTimeBehind, setTimeSource } from './time-source.ts'; // before v86
import { V86 } from 'v86';
import { FrameReader } from '../sealed/frames.ts';
import { classifyFrame } from './frame-filter.ts';
import type { EmulatorSettings, GivenLoad } from './protocol.ts';
import { VirtualDriver, type Inside } from './virtual-driver.ts';
import { VirtualTime, type TimeMark } from './virtual-time.ts';

/**
 * What we use of v86's in-process network. It is not in v86's typings; the version is pinned exactly, and the names
 * were read in its build (`FetchNetworkAdapter`, `TCPConnection` of src/browser/fake_network.js).
 */
export interface NetworkAdapter {
  send(frame: Uint8Array): void;
  receive(frame: Uint8Array): void;
  fetch: unknown;
  connect(port: number): GuestConnection;
}

export interface GuestConnection {
  on(event: 'connect' | 'shutdown' | 'close', handler: () => void): void;
  on(event: 'data', handler: (bytes: Uint8Array) => void): void;
  write(bytes: Uint8Array): void;
  close(): void;
  readonly send_buffer: { readonly length: number };
}

/** What the machine boots from: whole files. The kernel and the initramfs are of no use to one that is resumed. */
export interface EmulatorFiles {
  readonly bios: ArrayBuffer;
  readonly kernel: ArrayBuffer;
  readonly initramfs: ArrayBuffer;
}

export interface Emulator {
  readonly network: NetworkAdapter;
  /** Called after each frame of the guest was handled; the moment to look for acknowledged data. */
  onFrame: () => void;
  /** On the serial port's keyboard. */
  type(text: string): void;
  /** Of a machine whose clock is virtual and that stands still: its clock becomes the host's, and it goes on. */
  followHost(): void;
  /** Of a machine whose clock is the host's: it stands still, and so does its time, until it goes on. */
  pause(): void;
  goOn(): void;
  /** The state of the whole machine, its memory included. */
  save(): Promise<Uint8Array<ArrayBuffer>>;
  stop(): Promise<void>;
}

export interface EmulatorEvents {
  /** Each byte of the serial port. */
  readonly onConsole: (byte: number) => void;
  /** Bytes on a channel of the port that only goes out; the guest's time in ms. */
  readonly onOutput: (channel: number, bytes: Uint8Array, atMs: number) => void;
  /** How far the guest's clock is, in ms; of a virtual clock. */
  readonly onTime: (atMs: number) => void;
  /** A machine whose clock is virtual waits on its console, and stands still. */
  readonly onWait: (mark: TimeMark) => void;
  /** The guest halted or restarted; the processor executes nothing more. */
  readonly onEnd: (reason: string) => void;
  /** Calls back once the thread's own messages were handled. */
  readonly soon: (work: () => void) => void;
}

/** Starts the machine. */
export async function startEmulator(
  settings: EmulatorSettings,
  files: EmulatorFiles,
  events: EmulatorEvents,
): Promise<Emulator> {
  const { state, virtual } = settings;
  const time = virtual === null ? null : new VirtualTime(virtual.mark, virtual.seed);
  setTimeSource(time);
  const machine = new V86({
    wasm_path: settings.wasm,
    memory_size: settings.memoryMiB * 1024 * 1024,
    vga_memory_size: 2 * 1024 * 1024,
    bios: { buffer: files.bios },
    ...(state === null && {
      bzimage: { buffer: files.kernel },
      initrd: { buffer: files.initramfs },
      cmdline: settings.commandLine,
    }),
    preserve_mac_from_state_image: true, // the guest has it from its boot, and frames find it by it
    autostart: false,
    fastboot: true,
    net_device: { type: 'virtio', relay_url: 'fetch', mtu: 1500 },
    ...(virtual !== null && { virtio_console: { type: 'none' as const } }),
    disable_keyboard: true,
    disable_mouse: true,
    disable_speaker: true,
  });
  machine.add_listener('serial0-output-byte', events.onConsole);
  await new Promise<void>((resolve) => {
    machine.add_listener('emulator-ready', resolve);
  });
  endWithGuest(machine, events.onEnd);

  const network = (machine as unknown as { network_adapter: NetworkAdapter }).network_adapter;
  const driver = time === null ? null : driveVirtually(machine, time, virtual?.given ?? null, events);
  // When it came to stand still, and for how long it has stood before; ms.
  let [pausedAt, behindMs] = [0, 0];
  const emulator: Emulator = {
    network,
    onFrame: () => undefined,
    type: (text) => {
      machine.serial0_send(text);
    },
    followHost: () => {
      if (time === null) return;
      setTimeSource(null);
      driver?.followHost(Date.now());
      setTimeSource({ now: time.now, date: time.date, randomByte: null });
    },
    pause: () => {
      pausedAt = hostNow();
      void machine.stop();
    },
    goOn: () => {
      behindMs += hostNow() - pausedAt;
      setTimeSource(hostTimeBehind(behindMs));
      void machine.run();
    },
    save: async () => new Uint8Array(await machine.save_state()),
    stop: () => machine.destroy(),
  };
  const deliver = network.send.bind(network);
  network.send = (frame) => {
    if (classifyFrame(frame) === 'dropped') return;
    deliver(frame);
    emulator.onFrame();
  };
  // The filter lets nothing come this far. Should v86 change, it must still make no request of the host's for the guest.
  network.fetch = () => Promise.reject(new Error('the guest has no way out'));
  if (state !== null) await restore(machine, state);
  driver?.countInstructions();
  await machine.run();
  return emulator;
}

/** What a guest of ours says on its console, and what it is answered: guest/README.md, "Sealed". */
const sayings = { held: 'refigure-guest: held', loading: 'refigure-guest: loading', more: 'refigure-guest: more' };
/** The guest reads so many bytes before it asks for more. */
const pieceBytes = 32 * 1024;

/** Lets a machine's clock count instructions, from before it runs; and gives it its load, if it is to have one. */
function driveVirtually(
  machine: V86,
  time: VirtualTime,
  given: GivenLoad | null,
  events: EmulatorEvents,
): VirtualDriver {
  const { v86: inside } = machine as unknown as { v86: Inside };
  const onSilent = (atMs: number): void => {
    const silenceS = Math.round((given?.silenceMs ?? 0) / 1000);
    events.onEnd(`it printed nothing for ${silenceS} s of its own time, until ${(atMs / 1000).toFixed(3)} s`);
  };
  const driver = new VirtualDriver(inside, time, { onTime: events.onTime, onSilent }, events.soon);
  let sent = 0;
  const sendPiece = (): void => {
    const piece = given?.load.subarray(sent, sent + pieceBytes) ?? new Uint8Array();
    sent += piece.length;
    if (piece.length > 0) machine.serial_send_bytes(0, piece);
  };
  onLines(machine, (line) => {
    if (line === sayings.loading || line === sayings.more) driver.type(sendPiece);
    if (line !== sayings.held) return;
    driver.pauseWhenHalted(() => {
      events.onWait(time.mark());
    });
  });
  const frames = new FrameReader(({ channel, bytes }) => {
    driver.heard();
    events.onOutput(channel, bytes, time.now());
  });
  (machine.add_listener as (event: string, listener: (bytes: Uint8Array) => void) => void).call(
    machine,
    `virtio-console${outputPort}-output-bytes`,
    (bytes) => {
      frames.push(bytes);
    },
  );
  if (given !== null) {
    driver.limitSilence(given.silenceMs);
    driver.type(() => {
      machine.serial0_send(given.line);
    });
  }
  return driver;
}

/** The guest sees it as /dev/hvc1; v86 has no way in by it. */
const outputPort = 1;

function onLines(machine: V86, take: (line: string) => void): void {
  let line = '';
  machine.add_listener('serial0-output-byte', (byte) => {
    if (byte !== 0x0a) {
      if (byte !== 0x0d && line.length < 256) line += String.fromCharCode(byte);
      return;
    }
    take(line);
    line = '';
  });
}

/**
 * Puts a machine into a state. v86 first writes zeros over the whole memory, most of which is zero already. On Linux
 * a page that was never written takes no memory of the host, so those zeros would cost a hundred MiB: we write only the
 * pages that are not zero. `zero_memory` and `is_memory_zeroed` are not in v86's typings; the names were read in its
 * sources (src/cpu.js).
 */
async function restore(machine: V86, state: Uint8Array<ArrayBuffer>): Promise<void> {
  const { cpu } = (machine as unknown as { v86: { cpu: CpuMemory } }).v86;
  const zero = cpu.zero_memory.bind(cpu);
  cpu.zero_memory = (address, length) => {
    for (let page = address; page < address + length; page += pageBytes) {
      const bytes = Math.min(pageBytes, address + length - page);
      if (!cpu.is_memory_zeroed(page, bytes)) zero(page, bytes);
    }
  };
  try {
    await machine.restore_state(wholeBuffer(state));
  } finally {
    cpu.zero_memory = zero;
  }
}

interface CpuMemory {
  /** Address and length in bytes. */
  zero_memory: (address: number, length: number) => void;
  is_memory_zeroed: (address: number, length: number) => boolean | number;
}

const pageBytes = 4096;

/**
 * Without ACPI, a Linux guest that powers off halts its processor for good, with interrupts disabled. A guest that
 * restarts (after a kernel panic too, by `panic=-1`) asks the keyboard controller for a reset. v86 alone would idle for
 * ever, or would start the firmware again and fail in it; so we end the machine. `cpu-event-halt` and `reboot_internal`
 * are not in v86's typings; the names were read in its sources (instr_F4 of src/rust/cpu/instructions.rs, src/ps2.js).
 */
function endWithGuest(machine: V86, onEnd: (reason: string) => void): void {
  const { add_listener: addListener, v86 } = machine as unknown as {
    add_listener: (event: string, listener: () => void) => void;
    v86: { cpu: { reboot_internal: () => void } };
  };
  addListener.call(machine, 'cpu-event-halt', () => {
    void machine.stop();
    onEnd('the guest powered off or halted');
  });
  const reset = v86.cpu.reboot_internal.bind(v86.cpu);
  v86.cpu.reboot_internal = () => {
    reset(); // otherwise the kernel tries other ways to restart, until v86's next tick
    void machine.stop();
    onEnd('the guest restarted, or its kernel panicked');
  };
}

/** v86 wants an ArrayBuffer. */
export function wholeBuffer({ buffer, byteOffset, byteLength }: Uint8Array<ArrayBuffer>): ArrayBuffer {
  const isWhole = byteOffset === 0 && byteLength === buffer.byteLength; // so it is for a large file; 10 MB need no copy
  return isWhole ? buffer : buffer.slice(byteOffset, byteOffset + byteLength);
}
