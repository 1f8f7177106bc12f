import { disks } from './disks.ts';
import type { Fault } from './fault.ts';
import { hostLimits } from './limits.ts';
import { signals } from './signals.ts';
import { streams } from './streams.ts';

/** In the order of the table. */
export const faults: readonly Fault[] = [...signals, ...streams, ...disks, ...hostLimits];
