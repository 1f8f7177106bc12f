import { z } from 'zod';

/** `run.json`: what is known of a run beside what its commands printed. No user, host or folder is named in it. */
export const runRecordSchema = z.strictObject({
  format: z.literal(1),
  state: z.enum(['complete', 'partial']),
  /** Why a partial run is partial; null for a complete one. */
  reason: z.string().nullable(),
  /** ISO 8601, UTC. */
  startedAt: z.string(),
  study: z.strictObject({ id: z.string(), file: z.string().regex(/^[^/\\]+$/), experiments: z.array(z.string()) }),
  /** What `--guest` said, and the better guests that `auto` could not have, each with the reason. */
  choice: z
    .strictObject({
      asked: z.string(),
      passedOver: z.array(z.strictObject({ guest: z.string(), reason: z.string() })),
    })
    // Runs before there was a choice do not say.
    .default({ asked: 'embedded', passedOver: [] }),
  /** null: no guest was running yet when the run ended. */
  guest: z
    .strictObject({
      name: z.string(),
      provider: z.string(),
      image: z.strictObject({
        name: z.string(),
        files: z
          .array(
            z.strictObject({
              file: z.string(),
              sha256: z.string().nullable(),
              bytes: z.number().nullable(),
              // Runs before there were other images do not say.
              check: z.enum(['package', 'signed list', 'unsigned list', 'none']).default('package'),
            }),
          )
          .readonly(),
      }),
      // Runs before there were saved states do not say.
      start: z.enum(['booted', 'resumed', 'borrowed']).default('booted'),
      hostKeySource: z.enum(['serial console', 'given by us', 'first contact', 'known hosts']),
      hostKeySha256: z.string().nullable(),
    })
    .nullable(),
  host: z.strictObject({
    system: z.string(),
    architecture: z.string(),
    node: z.string(),
    refigure: z.string(),
    /** The git commit of the checkout; null outside one. `dirty`: with changes that are not committed. */
    commit: z.strictObject({ id: z.string(), dirty: z.boolean() }).nullable(),
  }),
  /** How often the connection was lost in the midst of a journal, and made again. Runs before that was possible: 0. */
  reconnections: z.number().default(0),
  /** Wall time of the host for each part of the run, in ms, in order. */
  timings: z.array(z.strictObject({ part: z.string(), ms: z.number() })),
});

export type RunRecord = z.infer<typeof runRecordSchema>;
