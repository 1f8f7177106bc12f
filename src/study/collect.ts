import { z } from 'zod';
import { captureId } from '../core/names.ts';
import { shellQuote } from '../core/shell.ts';
import type { Parse } from '../observation/observe.ts';
import { parseSchema, text } from './schema-parts.ts';
import type { IndexedCommand } from './study-index.ts';

/** A file of the guest that is evidence, byte for byte. */
export interface Collected {
  /** Its path in the guest. */
  readonly file: string;
  readonly capture: string;
  readonly parse?: Parse | undefined;
  /** 8 MiB when left out. */
  readonly limitBytes?: number | undefined;
}

export const defaultCollectBytes = 8 * 1024 * 1024;

/** What an output may have, to be held as a whole: see evidence/open.ts. */
const maxCollectBytes = 16 * 1024 * 1024;

export const collected = z
  .strictObject({
    file: text
      .regex(/^\//, 'a file of the guest is named by its whole path, from /')
      .regex(/[^/]$/, 'this is a folder, and one file is collected at a time')
      .regex(/^[^\n]*$/, 'a path is one line')
      .describe('Its path in the guest.'),
    capture: captureId,
    parse: parseSchema.optional(),
    limitBytes: z
      .int()
      .min(1)
      .max(maxCollectBytes)
      .optional()
      .describe('A larger file is a failure; the default is 8 MiB, and 16 MiB the most.'),
  })
  .describe('A file of the guest, which is read behind the commands of the step, byte for byte.');

/** By which plan, journal and evidence know it within its step; `number` counts from 1. */
export function collectedId(number: number): string {
  return `f${number}`;
}

export function isCollectedId(id: string | null): boolean {
  return id !== null && /^f\d+$/.test(id);
}

/** The command that would print it. */
export function collectText({ file }: Collected): string {
  return `cat ${/^[\w./:=@%+,-]+$/.test(file) ? file : shellQuote(file)}`;
}

/** As the index of a study has them, beside the commands of their step. */
export function collectCommands(list: readonly Collected[] = []): IndexedCommand[] {
  return list.map((each, index) => ({
    id: collectedId(index + 1),
    command: { run: collectText(each), capture: each.capture, parse: each.parse, exits: 0 },
    file: each.file,
  }));
}
