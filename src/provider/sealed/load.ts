import { gzipSync } from 'fflate';
import type { SealedLoad } from '../../core/guest.ts';
import { sha256 } from '../../core/hash.ts';
import { packUpload } from '../upload.ts';

/**
 * The files of a load as a gzipped tar archive. Their bytes depend on nothing but the files: fflate is JavaScript, while
 * each build of zlib may pack in its own way; and the guest takes longer for more bytes.
 */
export async function packLoad({ files }: SealedLoad): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(gzipSync(await packUpload(files), { level: 9, mtime: packedAt }));
}

const packedAt = Date.UTC(2026, 0, 1);

/**
 * What a sealed guest is told: guest/README.md, "Sealed". `load`: how many bytes come by the console; null: it is beside
 * the root file system.
 */
export function sealedWords({ program }: SealedLoad, seed: number, loadBytes: number | null): string {
  const words = [
    `refigure.seed=${sha256(`refigure seed ${seed}`)}`,
    `refigure.delay=${startDelay(seed)}`,
    `refigure.run=/${program}`,
    ...(loadBytes === null ? [] : [`refigure.load=${loadBytes}`]),
  ];
  return words.join(' ');
}

/**
 * How long the guest waits until it begins, in s: another moment for each seed, so that no two repeats meet the guest's
 * timers alike. At least one: iputils of 2022 takes an uptime of 0 s for 'never', and sends without a pause.
 */
function startDelay(seed: number): string {
  const share = Number.parseInt(sha256(`refigure delay ${seed}`).slice(0, 8), 16) / 2 ** 32;
  return (1 + share).toFixed(6);
}

/** For the emulator's own chance: 32 bits. */
export function emulatorSeed(seed: number): number {
  return Number.parseInt(sha256(`refigure emulator ${seed}`).slice(0, 8), 16);
}
