import type { Duplex } from 'node:stream';
import type { GuestTransport } from './transport.ts';

/** A running machine, and what a client can do with it. The providers make it. */
export interface Guest extends GuestTransport {
  readonly identity: GuestIdentity;

  /** How a person gets in, for as long as the guest runs; null: nobody needs to be shown a way, or there is none. */
  readonly entrance: SshEntrance | null;

  /**
   * Lets go of the guest and leaves it running; for guests that live on without this process. The caller holds any
   * other guest for as long as it is to be kept.
   */
  leave?(): Promise<LeftGuest>;

  /** Lets go of the guest, and ends it unless it is borrowed. Frees all that it held on the host. Safe to call again. */
  stop(): Promise<void>;
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

/** What the guest's clock follows. `real`: the time that passes on the host. */
export interface GuestClock {
  readonly kind: 'real';
}

/** How scripts get into the guest and the journal out of it. */
export interface TransportIdentity {
  readonly kind: 'ssh';
  readonly hostKey: HostKeyIdentity;
}

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
