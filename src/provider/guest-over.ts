import type { Checkpoint, GuestIdentity, LeftGuest, OpenGuest, SshEntrance } from '../core/guest.ts';
import type { GuestTransport } from '../core/transport.ts';

/** A transport that can be let go of; from then on its calls reject with GuestError. */
export interface ClosableTransport extends GuestTransport {
  close(): void;
}

/** What there is to know of a guest beside its transport. */
export interface GuestParts {
  readonly identity: GuestIdentity;
  readonly entrance: SshEntrance | null;
  /** Ends the machine and frees what it held on the host; called once, when the transport is closed. */
  readonly end: () => Promise<void>;
  /** See OpenGuest.leave; called when the transport is closed. */
  readonly leave?: () => Promise<LeftGuest>;
  /** See OpenGuest.checkpoint. */
  readonly checkpoint?: (file: string) => Promise<Checkpoint>;
}

/** A guest whose calls go over a transport. Once it was left, a stop does nothing. */
export function guestOver(
  transport: ClosableTransport,
  { identity, entrance, end, leave, checkpoint }: GuestParts,
): OpenGuest {
  let ended: Promise<void> | null = null;
  const stop = (): Promise<void> => {
    transport.close();
    return (ended ??= end());
  };
  const letGo = async (leaveRunning: () => Promise<LeftGuest>): Promise<LeftGuest> => {
    transport.close();
    const left = await leaveRunning();
    ended = Promise.resolve();
    return left;
  };
  return {
    sealed: false,
    identity,
    entrance,
    execute: (command, options) => transport.execute(command, options),
    upload: (folder, files, signal) => transport.upload(folder, files, signal),
    lost: transport.lost,
    stop,
    ...(leave && { leave: () => letGo(leave) }),
    ...(checkpoint && { checkpoint }),
  };
}
