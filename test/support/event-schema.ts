import { z } from 'zod';
import type { RunEvent } from '../../src/run/events.ts';

// The lines of `--json`, strictly: what docs/events.md describes, and nothing else.

const prose = z.strictObject({ en: z.string(), zh: z.string() });

const failure = z.strictObject({
  name: z.string(),
  message: z.string(),
  hint: z.string(),
  exitStatus: z.number().int(),
  problems: z
    .array(z.strictObject({ file: z.string(), line: z.number(), column: z.number(), message: z.string() }))
    .readonly(),
});

const passedOver = z.array(z.strictObject({ guest: z.string(), reason: z.string() })).readonly();
const simplePart = z.enum(['boot', 'examine', 'push', 'facts', 'open', 'restore', 'stop']);
const ended = z.enum(['done', 'failed']);
const stepPlace = { experiment: z.string(), step: z.string() };
const purpose = z.enum(['study', 'topology', 'needs', 'left', 'facts']);
const commandPlace = { ...stepPlace, purpose, number: z.number().int() };

const hostKey = z.discriminatedUnion('source', [
  z.strictObject({ source: z.enum(['serial console', 'given by us', 'first contact']), fingerprint: z.string() }),
  z.strictObject({ source: z.literal('known hosts') }),
]);

const guest = z.strictObject({
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
          check: z.enum(['package', 'signed list', 'unsigned list', 'none']),
        }),
      )
      .readonly(),
  }),
  ownership: z.enum(['ours', 'kept', 'borrowed']),
  start: z.enum(['booted', 'resumed', 'running']),
  clock: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('real') }),
    z.strictObject({
      kind: z.literal('virtual'),
      instructionsPerSecond: z.number(),
      startsAt: z.string(),
      seed: z.number(),
    }),
  ]),
  transport: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('ssh'), hostKey }),
    z.strictObject({ kind: z.literal('sealed'), port: z.enum(['virtio console', 'serial port']) }),
  ]),
});

const host = z.strictObject({
  system: z.string(),
  architecture: z.string(),
  node: z.string(),
  refigure: z.string(),
  commit: z.strictObject({ id: z.string(), dirty: z.boolean() }).nullable(),
});

const summary = z.strictObject({
  outcome: z.enum(['upheld', 'refuted', 'undecided', 'skipped']),
  headline: z.string(),
  claims: z.strictObject({
    upheld: z.number(),
    refuted: z.number(),
    undecided: z.number(),
    asExpected: z.number(),
    skipped: z.number(),
    notExamined: z.number(),
  }),
  figures: z.strictObject({
    same: z.number(),
    equivalent: z.number(),
    different: z.number(),
    undecided: z.number(),
  }),
  figuresLine: z.string().nullable(),
  failures: z.number(),
  notUpheld: z
    .array(
      z.strictObject({
        claim: z.string(),
        state: z.enum(['refuted', 'undecided']),
        lines: z.array(z.string()).readonly(),
      }),
    )
    .readonly(),
  release: z.strictObject({ wanted: z.string().nullable(), found: z.string().nullable(), matches: z.boolean() }),
});

const how = z.enum(['exited', 'limit', 'left', 'stopped', 'killed']);
const backgroundPlace = { ...commandPlace, name: z.string() };

/** The variants of each kind of event, by its fields beside those that every event has. */
const kinds = {
  'run-start': [
    {
      study: z.strictObject({ id: z.string(), file: z.string(), title: prose }),
      paper: z.strictObject({ title: prose, year: z.number().nullable() }),
      experiments: z
        .array(
          z.strictObject({
            id: z.string(),
            section: z.string().nullable(),
            title: prose,
            steps: z.array(z.strictObject({ id: z.string(), title: prose })).readonly(),
          }),
        )
        .readonly(),
      until: z.strictObject({ experiment: z.string(), step: z.string() }).nullable(),
      asked: z.string(),
      host,
      folder: z.string(),
    },
  ],
  'download-start': [
    { guest: z.string(), from: z.string().nullable(), bytes: z.number().nullable(), unasked: z.boolean() },
  ],
  'download-progress': [{ guest: z.string(), text: z.string() }],
  'download-end': [{ guest: z.string(), state: ended }],
  borrow: [{ text: z.string() }],
  'guest-chosen': [{ guest: z.string(), asked: z.string(), passedOver }],
  'part-start': [{ part: simplePart }, { part: z.literal('experiment'), experiment: z.string() }],
  'part-end': [
    { part: simplePart, ms: z.number().int(), state: ended },
    { part: z.literal('experiment'), experiment: z.string(), ms: z.number().int(), state: ended },
  ],
  boot: [{ phase: z.enum(['loading', 'restoring', 'booting', 'connecting']), at: z.string().nullable() }],
  'guest-note': [{ text: z.string() }],
  resumed: [{ ...stepPlace, startedAt: z.string() }],
  'guest-time': [{ seconds: z.number().int() }],
  'guest-failed': [{ guest: z.string(), reason: z.string() }],
  'guest-ready': [{ guest }],
  'further-guest': [
    {
      experiments: z.array(z.string()).readonly(),
      start: z.enum(['booted', 'resumed', 'running']),
      seed: z.number().nullable(),
    },
  ],
  'connection-lost': [{ reason: z.string() }],
  'experiment-skipped': [
    { experiment: z.string(), lacks: z.array(z.strictObject({ kind: z.string(), name: z.string() })).readonly() },
  ],
  'left-behind': [
    {
      experiment: z.string(),
      namespaces: z.array(z.string()).readonly(),
      devices: z.array(z.string()).readonly(),
      processes: z.array(z.strictObject({ pid: z.number().int(), name: z.string() })).readonly(),
    },
  ],
  'step-start': [stepPlace],
  'step-end': [{ ...stepPlace, status: z.number().int() }],
  'command-start': [{ ...commandPlace, id: z.string().nullable(), command: z.string() }],
  output: [{ ...commandPlace, stream: z.enum(['both', 'error']), line: z.string(), cutBytes: z.number().int() }],
  'background-start': [{ ...backgroundPlace, id: z.string(), command: z.string() }],
  'background-ready': [
    { ...backgroundPlace, command: z.string(), state: z.enum(['ready', 'late', 'ended']), seconds: z.number() },
  ],
  'background-end': [{ ...backgroundPlace, command: z.string(), status: z.number().int(), how, seconds: z.number() }],
  'file-collected': [{ ...backgroundPlace, file: z.string(), bytes: z.number().int(), sha256: z.string() }],
  'command-end': [{ ...commandPlace, status: z.number().int(), how, seconds: z.number() }],
  'command-failed': [
    {
      ...commandPlace,
      command: z.string(),
      status: z.number().int(),
      how,
      readiness: z.enum(['late', 'ended']).nullable(),
      lastLine: z.string().nullable(),
    },
  ],
  'machine-differs': [{ differences: z.array(z.string()).readonly() }],
  'run-end': [
    { folder: z.string(), state: z.literal('complete'), failure: z.null(), unsealed: z.null() },
    { folder: z.string(), state: z.literal('partial'), failure, unsealed: z.string().nullable() },
  ],
  'report-start': [{}],
  'report-end': [
    { state: z.enum(['complete', 'partial']), folder: z.string(), report: z.string(), page: z.string(), summary },
  ],
  kept: [
    { how: z.literal('held'), port: z.number().int(), key: z.string(), knownHosts: z.string(), username: z.string() },
    { how: z.literal('left'), where: z.string(), enter: z.string(), remove: z.string() },
  ],
  exit: [{ status: z.number().int(), failure: failure.nullable() }],
} as const satisfies Readonly<Record<RunEvent['kind'], readonly z.core.$ZodShape[]>>;

type Kinds = typeof kinds;
/** What zod infers of no fields at all would forbid every field. */
type Variant<Shape> = Shape extends z.core.$ZodShape
  ? keyof Shape extends never
    ? unknown
    : z.infer<z.ZodObject<Shape>>
  : never;
type Described = {
  readonly [Kind in keyof Kinds]: { readonly kind: Kind } & Variant<Kinds[Kind][number]>;
}[keyof Kinds];

const envelope = { time: z.iso.datetime({ precision: 3 }), run: z.uuid() };

/** One line; only the first of a stream says its `format`. */
export function lineSchema(isFirst: boolean): z.ZodType {
  const common = isFirst ? { format: z.literal(1), ...envelope } : envelope;
  const variants = Object.entries(kinds).flatMap(([kind, shapes]) =>
    shapes.map((shape) => z.strictObject({ ...common, kind: z.literal(kind), ...shape })),
  );
  return z.union(variants);
}

/** Every field of each kind of event, with those within it: `study.id`, `experiments[].id`. */
export function describedFields(): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(
    Object.entries(kinds).map(([kind, shapes]) => [kind, new Set(shapes.flatMap((shape) => pathsIn(shape)))]),
  );
}

function pathsIn(shape: z.core.$ZodShape, before = ''): string[] {
  return Object.entries(shape).flatMap(([name, schema]) => [`${before}${name}`, ...within(schema, before + name)]);
}

function within(schema: z.core.$ZodType, path: string): string[] {
  if (schema === prose) return [];
  if (schema instanceof z.ZodReadonly || schema instanceof z.ZodNullable) return within(schema.unwrap(), path);
  if (schema instanceof z.ZodArray) return within(schema.element, `${path}[]`);
  if (schema instanceof z.ZodObject) return pathsIn(schema.shape, `${path}.`);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => within(option, path));
  return [];
}

/** The compiler holds the schema and the type of events to each other: neither knows a field that the other does not. */
export type Agreement = [RunEvent extends Described ? true : never, Described extends RunEvent ? true : never];
export const agreement: Agreement = [true, true];
