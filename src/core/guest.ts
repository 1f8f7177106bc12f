import type { Duplex } from 'node:stream';
import type { StartOptions } from './provider.ts';
import type { GuestLoss, GuestTransport, UploadFile } from './transport.ts';

/** A machine that a run may use. The providers make it. */
export type Guest = OpenGuest | SealedGuest;

interface AnyGuest {
  readonly identity: GuestIdentity;

  /** Settles when the guest went away without being asked to, for good; rejects never. */
  readonly lost: Promise<GuestLoss>;

  /** Lets go of the guest, and ends it unless it is borrowed. Frees all that it held on the host. Safe to call again. */
  stop(): Promise<void>;
}

/** A running machine that can be reached at any time. */
export interface OpenGuest extends GuestTransport, AnyGuest {
  readonly sealed: false;

  /** How a person gets in, for as long as the guest runs; null: nobody needs to be shown a way, or there is none. */
  readonly entrance: SshEntrance | null;

  /**
   * Lets go of the guest and leaves it running; for guests that live on without this process. The caller holds any
   * other guest for as long as it is to be kept.
   */
  leave?(): Promise<LeftGuest>;

  /**
   * Keeps the state that the running machine has now in a file of the caller's, to be resumed as often as one likes; the guest
   * goes on meanwhile. Without it: this kind of guest can't.
   */
  checkpoint?(file: string): Promise<Checkpoint>;
}

/** A state of a running machine; its file is the caller's to remove. */
export interface Checkpoint {
  /** Another machine that goes on from there. Rejects as the start of a guest does. */
  resume(options: ResumeOptions): Promise<OpenGuest>;

  /** A machine that goes on from there already, and stands still until somebody wants it. Without it: this kind can't. */
  ahead?(): WaitingGuest;
}

export type ResumeOptions = Pick<StartOptions, 'onConsole' | 'onPhase' | 'signal'>;

/** A machine that waits for who resumes it; it is had once. */
export interface WaitingGuest extends Pick<Checkpoint, 'resume'> {
  /** Ends the machine, unless somebody has it; rejects never. */
  end(): Promise<void>;
}

/**
 * A machine into which nothing comes once it runs. It takes in all that it will run, at once; what that prints comes out
 * on channels, each numbered from 1. What it prints, and when by its own clock, follows from its image, the load and
 * the seed alone.
 */
export interface SealedGuest extends AnyGuest {
  readonly sealed: true;

  /** The words of a command that copies its standard input to a channel, for a shell of the guest's. */
  copyCommand(channel: number): string;

  /**
   * Hands the load in, once, and starts it. Resolves when the load's program has ended. Rejects with GuestError where the
   * load cannot be taken in, prints nothing for too long or is cut off, or with the signal's reason.
   */
  run(load: SealedLoad, onOutput: (output: SealedOutput) => void, signal: AbortSignal): Promise<void>;

  /**
   * Opens the guest once its program has ended: it gets keys and chance of its own, its clock becomes the host's, and SSH
   * opens. null: it is no use any more.
   */
  readonly open: ((signal: AbortSignal) => Promise<OpenGuest>) | null;
}

/** All that a sealed guest gets. */
export interface SealedLoad {
  /** Below the root folder. */
  readonly files: readonly UploadFile[];
  /** Of these, the one that its shell runs. */
  readonly program: string;
  /** For how long by its own clock it may print nothing, in ms, until it is given up. */
  readonly silenceMs: number;
}

export interface SealedOutput {
  readonly channel: number;
  readonly bytes: Buffer;
  /** By the guest's clock, in ms since it was switched on; null where that is not known. */
  readonly atMs: number | null;
}

/** What the provider knows of the guest without asking it. It names no folder, no user and no host of the user's. */
export interface GuestIdentity {
  /** `embedded`, `mini`, `centos-7.6` … */
  readonly name: string;
  /** What runs it: `v86 0.5.462`, `QEMU 7.2 (tcg)` … */
  readonly provider: string;
  readonly image: ImageIdentity;
  readonly ownership: GuestOwnership;
  readonly start: GuestStart;
  readonly clock: GuestClock;
  readonly transport: TransportIdentity;
}

/**
 * Whose machine a guest is:
 * - `ours`: it was made for this run, and is removed after it;
 * - `kept`: an earlier run made it and left it running; this run has taken it, clean again;
 * - `borrowed`: it is the user's own, and is to be left as it was.
 */
export type GuestOwnership = 'ours' | 'kept' | 'borrowed';

/**
 * How the machine came to run:
 * - `booted`: from nothing;
 * - `resumed`: from a state that was saved after an earlier boot of the same image;
 * - `running`: it ran before we came, and nobody has told us how it was started.
 */
export type GuestStart = 'booted' | 'resumed' | 'running';

/** What the guest's clock follows. `real`: the time that passes on the host. `virtual`: the work of its processor. */
export type GuestClock = { readonly kind: 'real' } | VirtualClock;

/**
 * The time is the number of instructions that the processor has executed, divided by a rate, and the idle time that was
 * skipped. So nothing that the guest can measure depends on the host.
 */
export interface VirtualClock {
  readonly kind: 'virtual';
  readonly instructionsPerSecond: number;
  /** The wall clock when the machine is switched on: ISO 8601, UTC. */
  readonly startsAt: string;
  /** What all chance in the guest comes from. Another seed is an independent repeat. */
  readonly seed: number;
}

export type ClockKind = GuestClock['kind'];

/**
 * How scripts get into the guest and the journals out of it. `sealed`: the scripts at once, before the first command; the
 * journals through a port that only goes out.
 */
export type TransportIdentity =
  | { readonly kind: 'ssh'; readonly hostKey: HostKeyIdentity }
  | { readonly kind: 'sealed'; readonly port: 'virtio console' | 'serial port' };

/** How the guest's SSH host key was learnt: never by trust on first use without saying so. */
export type HostKeyIdentity =
  | {
      readonly source: 'serial console' | 'given by us' | 'first contact';
      /** `SHA256:…`, as `ssh-keygen -l` prints it. */
      readonly fingerprint: string;
    }
  /** The user knew it before. Its fingerprint is left out, since it would tell which machine of the user's it was. */
  | { readonly source: 'known hosts' };

export interface ImageIdentity {
  readonly name: string;
  /** Each file that was booted. */
  readonly files: readonly ImageFile[];
}

export interface ImageFile {
  readonly file: string;
  /** In hex; null: the file was unpacked by somebody else, and is no longer there. */
  readonly sha256: string | null;
  readonly bytes: number | null;
  readonly check: ImageCheck;
}

/**
 * What the SHA-256 was compared with, and found the same: the checksum that ships with this package; the distributor's
 * list, whose signature is good or was not checked; or nothing.
 */
export type ImageCheck = 'package' | 'signed list' | 'unsigned list' | 'none';

/** What an SSH client of the user's needs to get into a guest. */
export interface SshEntrance {
  readonly username: string;
  /** PEM. */
  readonly privateKey: string;
  /** Base64 body of the host key. */
  readonly hostKey: string;
  /** A new stream to the SSH server; it emits `connect`. */
  readonly connect: () => Duplex;
}

/** A guest that runs on without us: the commands with which the user enters and removes it. */
export interface LeftGuest {
  /** In which folder, and with which environment, as words after a command. */
  readonly where: string;
  readonly enter: string;
  readonly remove: string;
}
