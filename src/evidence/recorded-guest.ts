import type { GuestIdentity } from '../core/guest.ts';
import type { RunRecord } from './run-record.ts';

type RecordedGuest = NonNullable<RunRecord['guest']>;

/**
 * What `run.json` says of a guest. Format 1 has one word for whose the machine is and how it started, and knows no other
 * clock than the real one and no other transport than SSH.
 */
export function recordedGuest({ name, provider, image, ownership, start, transport }: GuestIdentity): RecordedGuest {
  const { hostKey } = transport;
  return {
    name,
    provider,
    image: { name: image.name, files: [...image.files] },
    start: ownership === 'borrowed' || start === 'running' ? 'borrowed' : start,
    hostKeySource: hostKey.source,
    hostKeySha256: hostKey.source === 'known hosts' ? null : hostKey.fingerprint,
  };
}

/** Whether a run used a machine of the user's own, of whose network only what the study makes was recorded. */
export function wasBorrowed({ guest }: RunRecord): boolean {
  return guest?.start === 'borrowed';
}
