import { z } from 'zod';

/** What a run does once, beside its experiments. */
const singleParts = ['boot', 'examine', 'push', 'facts', 'open', 'restore', 'stop'] as const;

/** A part of a run whose wall time is measured. */
export type RunPart =
  { readonly part: (typeof singleParts)[number] } | { readonly part: 'experiment'; readonly experiment: string };

/** false: of another version of Refigure. */
export function isKnownPart(part: string): part is RunPart['part'] {
  return part === 'experiment' || singleParts.some((known) => known === part);
}

/** What a sum of some of them can still be told of, exactly. */
export const countSchema = z.number().min(0).max(1e12);

/** A part that this version does not know is one of another version; a report shows it by its own name. */
const timingSchema = z
  .strictObject({ part: z.string(), experiment: z.string().optional(), ms: countSchema })
  .refine(({ part, experiment }) => part !== 'experiment' || experiment !== undefined, {
    path: ['experiment'],
    message: 'this key is missing',
  });

export const studySchema = z.strictObject({
  id: z.string(),
  file: z.string().regex(/^[^/\\]+$/),
  /** The experiments that were to run, in their order. */
  experiments: z.array(z.string()).readonly(),
  /** The last step that was to run, where `--until` named one. */
  until: z.strictObject({ experiment: z.string(), step: z.string() }).optional(),
});

export const choiceSchema = z.strictObject({
  asked: z.string(),
  passedOver: z.array(z.strictObject({ guest: z.string(), reason: z.string() })).readonly(),
});

export const imageFileSchema = z.strictObject({
  file: z.string(),
  sha256: z.string().nullable(),
  bytes: countSchema.nullable(),
  check: z.enum(['package', 'signed list', 'unsigned list', 'none']),
});

const hostKeySchema = z.discriminatedUnion('source', [
  z.strictObject({ source: z.enum(['serial console', 'given by us', 'first contact']), fingerprint: z.string() }),
  z.strictObject({ source: z.literal('known hosts') }),
]);

const clockSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('real') }),
  z.strictObject({
    kind: z.literal('virtual'),
    instructionsPerSecond: z.number(),
    /** ISO 8601, UTC. */
    startsAt: z.string(),
    seed: z.number(),
  }),
]);

const transportSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ssh'), hostKey: hostKeySchema }),
  z.strictObject({ kind: z.literal('sealed'), port: z.enum(['virtio console', 'serial port']) }),
]);

export const hostSchema = z.strictObject({
  system: z.string(),
  architecture: z.string(),
  node: z.string(),
  refigure: z.string(),
  /** The git commit of the checkout; null outside one. `dirty`: with changes that are not committed. */
  commit: z.strictObject({ id: z.string(), dirty: z.boolean() }).nullable(),
});

/**
 * `run.json`, format 2: what is known of a run beside what its commands printed. It is folded from the run's events
 * (src/run/record.ts). No user, host or folder is named in it.
 */
export const runRecordSchema = z.strictObject({
  format: z.literal(2),
  state: z.enum(['complete', 'partial']),
  /** Why a partial run is partial; null for a complete one. */
  reason: z.string().nullable(),
  /** ISO 8601, UTC. */
  startedAt: z.string(),
  study: studySchema,
  /** What `--guest` said, and the better guests that `auto` could not have, each with the reason. */
  choice: choiceSchema,
  /** As the provider says it (src/core/guest.ts); null: no guest was running yet when the run ended. */
  guest: z
    .strictObject({
      name: z.string(),
      provider: z.string(),
      image: z.strictObject({ name: z.string(), files: z.array(imageFileSchema).readonly() }),
      ownership: z.enum(['ours', 'kept', 'borrowed']),
      start: z.enum(['booted', 'resumed', 'running']),
      clock: clockSchema,
      transport: transportSchema,
    })
    .nullable(),
  /** Those after the first: the same machine, started again for experiments that have a guest of their own. */
  furtherGuests: z
    .array(
      z.strictObject({
        experiments: z.array(z.string()).readonly(),
        start: z.enum(['booted', 'resumed', 'running']),
        seed: z.number().nullable(),
      }),
    )
    .readonly()
    .optional(),
  host: hostSchema,
  /** The guest went on from a state before this step, which was kept in the run that began then (ISO 8601, UTC). */
  resumed: z.strictObject({ experiment: z.string(), step: z.string(), startedAt: z.string() }).optional(),
  /** How often the connection was lost in the midst of a journal, and made again. */
  reconnections: countSchema,
  /** Wall time of the host for each part of the run, in ms, in the order of their ends. */
  timings: z.array(timingSchema).readonly(),
});

export type RunRecord = z.infer<typeof runRecordSchema>;
