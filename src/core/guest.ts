import type { Duplex } from 'node:stream';

/** What a client can do with a running guest, however it was booted. Implemented by the providers. */
export interface Guest {
  readonly identity: GuestIdentity;

  /**
   * Runs a command line by the guest's `/bin/sh` as root, over the one SSH connection, which is made again where it was
   * lost before. A non-zero exit status is data. Rejects with ConnectionLostError when the connection breaks meanwhile,
   * with GuestError when none can be had, or with the signal's reason.
   */
  execute(command: string, options?: ExecuteOptions): Promise<ExecuteResult>;

  /** Writes files below `folder` (made when missing, mode 0700). One round trip, verified by the guest. */
  upload(folder: string, files: readonly UploadFile[], signal?: AbortSignal): Promise<void>;

  /** Settles when the guest went away without being asked to, for good; rejects never. */
  readonly lost: Promise<GuestLoss>;

  /** How another SSH client gets in, for as long as the guest runs. */
  readonly access: GuestAccess;

  /**
   * Lets go of the guest and leaves it running; for guests that live on without this process. The caller holds any
   * other guest for as long as it is to be kept.
   */
  leave?(): Promise<LeftGuest>;

  /** Ends the guest and frees everything that it held on the host. Safe to call more than once. */
  stop(): Promise<void>;
}

/** What the provider knows of the guest without asking it. */
export interface GuestIdentity {
  /** `embedded`, `mini`, `centos-7.6` … */
  readonly name: string;
  /** What boots it: `v86 0.5.462`, `QEMU 7.2 (tcg)` … */
  readonly provider: string;
  readonly image: ImageIdentity;
  /**
   * Whether it booted for this run, or went on from a state that was saved after an earlier boot of the same image.
   * `borrowed`: a machine that the user already had. It goes on after the run, and is to be left as it was.
   */
  readonly start: 'booted' | 'resumed' | 'borrowed';
  /** How the host key was learnt: never by trust on first use without saying so. */
  readonly hostKeySource: 'serial console' | 'given by us' | 'first contact' | 'known hosts';
  /** null: it would tell which machine of the user's it was. */
  readonly hostKeySha256: string | null;
}

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

export interface ExecuteOptions {
  /** Called for each piece of standard output as it arrives. Without it, output is collected. */
  readonly onOutput?: (chunk: Buffer) => void;
  /** Written to the command's standard input, then end of file. */
  readonly input?: Buffer;
  /** Keeps standard input open until it is aborted. */
  readonly inputUntil?: AbortSignal;
  readonly signal?: AbortSignal;
}

export interface ExecuteResult {
  /** null: ended by a signal, or the server sent none. */
  readonly status: number | null;
  readonly output: Buffer;
  readonly errorOutput: Buffer;
}

export interface UploadFile {
  /** Relative, `/`-separated. */
  readonly path: string;
  readonly content: Buffer;
  readonly executable: boolean;
}

export interface GuestLoss {
  readonly reason: string;
}

/** A guest that runs on without us: the commands with which the user enters and removes it. */
export interface LeftGuest {
  /** In which folder, and with which environment, as words after a command. */
  readonly where: string;
  readonly enter: string;
  readonly remove: string;
}

/** Boots guests. */
export interface Provider {
  readonly name: string;
  /** What boots it, in a word (`Vagrant`, `QEMU` …): it tells guests of one name apart. */
  readonly through: string;
  /** One line for `refigure guests`. */
  readonly description: string;
  /** Whether this host can run it; a `no` says why and what to do. */
  available(): Promise<Availability>;
  /**
   * Begins to load what a start will need, beside whatever the caller does. Decides nothing, keeps the process alive for
   * nothing; a start works without it.
   */
  prepare?(): void;
  /**
   * What has to be downloaded before a start, asked of the servers within seconds; null: nothing, the image is there.
   * Rejects with HostError when no server has it.
   */
  download?(signal: AbortSignal): Promise<Download | null>;
  /** Boots a guest and connects to it. Rejects with HostError, GuestError, or the signal's reason. */
  start(options: StartOptions): Promise<Guest>;
}

export type Availability =
  { readonly state: 'yes' } | { readonly state: 'no'; readonly reason: string; readonly hint: string };

/** An image that is not here yet. */
export interface Download {
  /** From where, for the question to the user: a host's name. */
  readonly from: string;
  /** null: the server does not say. */
  readonly bytes: number | null;
  /** Gets it; rejects with HostError, or with the signal's reason. `onProgress` is told in words how far it is. */
  run(options: { readonly signal: AbortSignal; readonly onProgress: (text: string) => void }): Promise<void>;
}

export interface StartOptions {
  readonly signal: AbortSignal;
  /** Whether the guest is to be left running (Guest.leave): time to take a snapshot of the clean machine. */
  readonly keep: boolean;
  /** Whether it must boot from nothing, instead of resuming a state that an earlier run has kept. */
  readonly cold: boolean;
  /** Raw bytes of the guest's console as they arrive. */
  readonly onConsole: (chunk: Buffer) => void;
  /** What the boot is doing just now, for the progress. */
  readonly onPhase: (phase: BootPhase) => void;
}

export type BootPhase = 'loading' | 'restoring' | 'booting' | 'connecting';

export interface GuestAccess {
  readonly username: string;
  /** PEM. */
  readonly privateKey: string;
  /** Base64 body of the host key. */
  readonly hostKey: string;
  /** A new stream to the SSH server; it emits `connect`. */
  connect(): Duplex;
}
