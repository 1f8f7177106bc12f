import { z } from 'zod';
import { layout } from './layout.ts';
import {
  choiceSchema,
  countSchema,
  hostSchema,
  imageFileSchema,
  runRecordSchema,
  studySchema,
  type RunRecord,
} from './run-record.ts';
import { parseSaved, versionIn } from './saved-json.ts';

/** `run.json` as it was before format 2. What older runs do not say has a default. */
const formerSchema = z.strictObject({
  format: z.literal(1),
  state: z.enum(['complete', 'partial']),
  reason: z.string().nullable(),
  startedAt: z.string(),
  study: studySchema,
  // Runs before there was a choice do not say.
  choice: choiceSchema.default({ asked: 'embedded', passedOver: [] }),
  guest: z
    .strictObject({
      name: z.string(),
      provider: z.string(),
      image: z.strictObject({
        name: z.string(),
        // Runs before there were other images do not say how a file was checked.
        files: z.array(imageFileSchema.extend({ check: imageFileSchema.shape.check.default('package') })).readonly(),
      }),
      // Runs before there were saved states do not say.
      start: z.enum(['booted', 'resumed', 'borrowed']).default('booted'),
      hostKeySource: z.enum(['serial console', 'given by us', 'first contact', 'known hosts']),
      hostKeySha256: z.string().nullable(),
    })
    .nullable(),
  host: hostSchema,
  // Runs before a connection could be made again do not say.
  reconnections: countSchema.default(0),
  /** `part`: `experiment ID`, or the part's own name. */
  timings: z.array(z.strictObject({ part: z.string(), ms: countSchema })),
});

type FormerRecord = z.infer<typeof formerSchema>;
type FormerGuest = NonNullable<FormerRecord['guest']>;

/**
 * A record of either format, as one of today's. Throws EvidenceError with the key that is wrong where it is neither; `file`
 * names the record there.
 */
export function parseRunRecord(value: unknown, file: string = layout.run): RunRecord {
  const form = { file, newestFormat: 2, madeBy: versionIn(value) };
  const isFormer = z.looseObject({ format: z.literal(1) }).safeParse(value).success;
  const record = isFormer ? upgrade(parseSaved({ ...form, schema: formerSchema }, value)) : value;
  return parseSaved({ ...form, schema: runRecordSchema }, record);
}

function upgrade({ guest, timings, ...same }: FormerRecord): unknown {
  return { ...same, format: 2, guest: guest && upgradeGuest(guest), timings: timings.map(upgradeTiming) };
}

/** One word said whose the machine was and how it started. A kept machine was not told from another one of ours. */
function upgradeGuest({ start, hostKeySource: source, hostKeySha256, ...same }: FormerGuest): unknown {
  const isBorrowed = start === 'borrowed';
  const hostKey = source === 'known hosts' ? { source } : { source, fingerprint: hostKeySha256 };
  return {
    ...same,
    ownership: isBorrowed ? 'borrowed' : 'ours',
    start: isBorrowed ? 'running' : start,
    clock: { kind: 'real' },
    transport: { kind: 'ssh', hostKey },
  };
}

function upgradeTiming({ part, ms }: FormerRecord['timings'][number]): unknown {
  const experiment = /^experiment (.+)$/.exec(part)?.[1];
  return experiment === undefined ? { part, ms } : { part: 'experiment', experiment, ms };
}
