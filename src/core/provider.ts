import type { Checkpoint, ClockKind, Guest, GuestOwnership, OpenGuest } from './guest.ts';

/** Starts guests of one kind. */
export interface Provider {
  readonly name: string;
  /** What starts it, in a word (`Vagrant`, `QEMU` …): it tells guests of one name apart. */
  readonly through: string;
  /** One line for `refigure guests`. */
  readonly description: string;
  readonly terms: ProviderTerms;
  /** Whether this host can run it; a `no` says why and what to do. */
  available(): Promise<Availability>;
  /**
   * Begins to load what a start will need, beside whatever the caller does. Decides nothing, keeps the process alive for
   * nothing; a start works without it.
   */
  prepare?(): void;
  /** Whether its image is on this host; asks no server. Without it: the image ships with the package, or there is none. */
  hasImage?(): Promise<boolean>;
  /**
   * What has to be downloaded before a start, asked of the servers within seconds; null: nothing, the image is there.
   * Rejects with HostError when no server has it.
   */
  download?(signal: AbortSignal): Promise<Download | null>;
  /** Where states of its guests are kept for later processes, each by what ran before it (`key`). Without it: none is. */
  cachedCheckpoints?(): Promise<(key: string) => CachedCheckpoint>;
  /** Starts a guest, or reaches one, and connects to it. Rejects with HostError, GuestError, or the signal's reason. */
  start(options: StartOptions): Promise<Guest>;
}

/** A state of a guest in the user's cache, with what was noted of it; only this user can read it. */
export interface CachedCheckpoint {
  /** null: there is none that is whole. */
  find(): Promise<{ readonly checkpoint: Checkpoint; readonly notes: Readonly<Record<string, string>> } | null>;
  /** Keeps the state that the guest has now. Rejects with HostError where there is no room for it. */
  keep(guest: OpenGuest, notes: Readonly<Record<string, string>>): Promise<void>;
}

/** What a run may ask of a provider; known before anything is started or reached. */
export interface ProviderTerms {
  /** A study that runs on a `borrowed` machine must declare what it makes. */
  readonly ownership: Exclude<GuestOwnership, 'kept'>;
  /** What its guests' clocks can follow, the default first. */
  readonly clocks: readonly [ClockTerms, ...ClockTerms[]];
  /** Why that is the host's clock alone, of a provider whose guests have another one elsewhere. */
  readonly onlyReal?: Refusal;
  /** Whether a guest can be made to boot from nothing (StartOptions.cold). */
  readonly cold: Availability;
}

export interface ClockTerms {
  readonly kind: ClockKind;
  /** Whether a guest with such a clock can be left running after the run (StartOptions.keep). */
  readonly keep: Availability;
}

export type Availability = { readonly state: 'yes' } | Refusal;

export interface Refusal {
  readonly state: 'no';
  readonly reason: string;
  readonly hint: string;
}

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
  /** One of those that the provider's terms name. */
  readonly clock: ClockKind;
  /** Of a guest whose clock is virtual. */
  readonly seed: number;
  /** Whether the guest is to be left running (OpenGuest.leave): time to take a snapshot of the clean machine. */
  readonly keep: boolean;
  /** Whether it must boot from nothing, instead of resuming a state that an earlier run has kept. */
  readonly cold: boolean;
  /** Raw bytes of the guest's console as they arrive. */
  readonly onConsole: (chunk: Buffer) => void;
  /** What the start is doing just now, for the progress. `at`: where on this host it waits for SSH, `127.0.0.1:PORT`. */
  readonly onPhase: (phase: BootPhase, at?: string) => void;
  /** How far a virtual clock is, in ms, now and then. */
  readonly onTime?: (atMs: number) => void;
  /** What went otherwise than planned, though the start goes on: why a saved state did not resume, say. One line. */
  readonly onNote: (text: string) => void;
}

export type BootPhase = 'loading' | 'restoring' | 'booting' | 'connecting';
