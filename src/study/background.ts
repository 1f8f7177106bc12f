import { z } from 'zod';
import { captureId, namespaceName } from '../core/names.ts';
import type { IndexedCommand } from './study-index.ts';
import { exits, parseSchema, text, type Exits } from './schema-parts.ts';
import type { Parse } from '../observation/observe.ts';

/** A process that a step starts before its commands, and that runs beside them. */
export interface Background {
  readonly run: string;
  /** Of the capture that holds what it printed until it was stopped. */
  readonly name: string;
  readonly parse?: Parse | undefined;
  /** What is waited for before anything else is done; left out: that it has been started. */
  readonly ready?: Ready | undefined;
  /** Of the readiness; 10 when left out. */
  readonly limitSeconds?: number | undefined;
  /** The signal by which it is stopped; TERM when left out. */
  readonly stop?: 'TERM' | 'INT' | 'KILL' | undefined;
  /** How long it has to end after that; 5 when left out. */
  readonly stopSeconds?: number | undefined;
  /** `any` when left out. */
  readonly exits?: Exits | undefined;
  /** When it is stopped: behind the commands of its step, or at the end of its experiment, as when left out. */
  readonly until?: 'step' | 'experiment' | undefined;
}

export type Ready =
  | { readonly listens: number; readonly in?: string | undefined; readonly udp?: boolean | undefined }
  | { readonly prints: string }
  | { readonly succeeds: string };

const ready = z
  .union([
    z.strictObject({
      listens: z.int().min(1).max(65535).describe('A port on which something listens.'),
      in: namespaceName.optional().describe("The network namespace; the machine's own when left out."),
      udp: z.boolean().optional().describe('A socket of UDP is bound to it; of TCP when left out.'),
    }),
    z.strictObject({ prints: text.describe('A text that it prints, on either stream, within a line.') }),
    z.strictObject({ succeeds: text.describe('A shell condition, as `ip netns exec b ping -c 1 10.9.0.1`.') }),
  ])
  .describe('What is waited for before anything else of the step is started.');

export const background = z
  .strictObject({
    run: text.describe('The command line; it stays in the foreground of its own shell.'),
    name: captureId.describe(
      'The name of the capture that holds what it prints, both streams in the order of their bytes; 16 MiB at most.',
    ),
    parse: parseSchema.optional(),
    ready: ready.optional(),
    limitSeconds: z.int().min(1).max(3600).optional().describe('Longest time until it is ready; the default is 10 s.'),
    stop: z.enum(['TERM', 'INT', 'KILL']).optional().describe('The signal by which it is stopped; TERM when left out.'),
    stopSeconds: z
      .int()
      .min(1)
      .max(60)
      .optional()
      .describe('How long it has after that signal, before it is killed; the default is 5 s.'),
    exits: exits.optional().describe('How it may end; in any way when left out.'),
    until: z
      .enum(['step', 'experiment'])
      .optional()
      .describe(
        'When it is stopped: behind the commands of its step, before files are collected; or at the end of its experiment, as ' +
          'when left out. No other experiment sees it, but a cell that runs its experiment first, to build on it: there it lives ' +
          'until the end of the cell, as a server that is to serve it.',
      ),
  })
  .describe('A process that is started before the commands of the step, and runs beside them.');

/** By which plan, journal and evidence know it within its step; `number` counts from 1. */
export function backgroundId(number: number): string {
  return `b${number}`;
}

export function isBackgroundId(id: string | null): boolean {
  return id !== null && /^b\d+$/.test(id);
}

/** As the index of a study has them, beside the commands of their step. */
export function backgroundCommands(list: readonly Background[] = []): IndexedCommand[] {
  return list.map(({ run, name, parse, exits: expected = 'any' }, index) => ({
    id: backgroundId(index + 1),
    command: { run, capture: name, parse, exits: expected },
  }));
}
