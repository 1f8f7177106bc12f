import { randomBytes } from 'node:crypto';
import { lateClockNote, startDateMs } from './image-clock.ts';
import { makeKeyPair, makeHostKey, type KeyPair } from './ssh/keys.ts';

/** What a guest of our own image is given at each start, booted or resumed. No two starts get the same. */
export interface BootKeys {
  readonly client: KeyPair;
  /** The line to be typed on the guest's console once the guest waits for it; see guest/README.md, "Boot contract". */
  readonly line: string;
}

/** `onNote` is told where the guest's clock cannot be the host's. */
export function makeBootKeys(onNote: (text: string) => void): BootKeys {
  const hostMs = Date.now();
  const clockMs = startDateMs(hostMs);
  if (clockMs < hostMs) onNote(lateClockNote);
  const client = makeKeyPair();
  const words = [
    `refigure.key=${client.publicBody}`,
    `refigure.hostkey=${makeHostKey()}`, // made here, since an emulated guest would need half a second for it
    `refigure.seed=${randomBytes(32).toString('hex')}`,
    `refigure.clock=${Math.round(clockMs / 1000)}`,
  ];
  return { client, line: `${words.join(' ')}\n` };
}
