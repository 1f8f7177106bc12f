import type { ClockKind } from './guest.ts';

/**
 * What carries out the instructions of a guest: software (`emulated`), or a processor of the host (`hardware`); `unknown` of
 * a machine that only its user knows.
 */
export const processorKinds = ['emulated', 'hardware', 'unknown'] as const;

export type ProcessorKind = (typeof processorKinds)[number];

export const clockKinds = ['virtual', 'real'] as const satisfies readonly ClockKind[];

/** What is known of a guest that bears on what can be concluded from it. */
export interface GuestTraits {
  readonly processor: ProcessorKind;
  readonly clock: ClockKind;
}
