import { z } from 'zod';
import { captureId, deviceName, maxCharacters, namespaceName, tooLong } from '../core/names.ts';
import { kindKeys, kindNames, kindOf, kindsIn, type AnyContent } from '../figure/kinds/kinds.ts';
import { fieldTypes } from '../observation/field-type.ts';
import { parserNames } from '../observation/observe.ts';
import { shapeFault, type ShapedParse } from '../observation/shaped.ts';
import { curvePoints, curveRules } from './curve-schema.ts';
import { drawnTopology } from './drawn-topology.ts';
import { textMaskNames, topologyMaskNames } from './mask-names.ts';
import { text } from './schema-text.ts';

/** What the formats of a study's file have in common. */

export { text };

export const origin = z
  .enum(['text', 'reconstructed', 'added'])
  .describe('text: stated by the paper. reconstructed: rebuilt from another source. added: ours.');

export const relativePath = z
  .string()
  .regex(/^(?!\/)(?!.*\\)(?!.*(^|\/)\.\.(\/|$)).+$/, "a path is relative to the study's folder, with / and without ..")
  .regex(/^[^:*?"<>|]*$/, 'Windows does not allow : * ? " < > | in a path');

const status = z.int().min(0).max(255);

export const exits = z
  .union([status, z.array(status).min(1), z.enum(['nonzero', 'limit', 'any'])])
  .describe(
    'An exit status, or a list of them; `nonzero`: its failure is the point; `limit`: its time limit is how it is meant to ' +
      'end; `any`: it may end in any way.',
  );

export const wait = z
  .strictObject({
    until: text.describe('A shell condition, as `ip netns exec ns0 ip -6 address | grep -q tentative`.'),
    everySeconds: z.int().min(1).max(60).optional().describe('How often it is tried; the default is 1 s.'),
    limitSeconds: z.int().min(1).max(3600).optional().describe('Longest time to wait; the default is 60 s.'),
  })
  .describe('In place of `run`: tries a condition again and again until it holds, or the time is over.');

const fieldType = z.enum(fieldTypes);

/** A shape whose pattern or columns can't be used is told at the shape. */
const sound = <T extends ShapedParse>(schema: z.ZodType<T>): z.ZodType<T> =>
  schema.superRefine((shape, context) => {
    const fault = shapeFault(shape);
    if (fault !== null) context.addIssue({ code: 'custom', message: fault });
  });

const types = z
  .record(text, fieldType)
  .optional()
  .describe('What the fields hold: `int`, `double`, or `string`, which they are when left out.');

export const parseSchema = z
  .union([
    z.enum(parserNames),
    sound(
      z.strictObject({
        regex: text.describe(
          'A pattern in the syntax of RE2; each group with a name, `(?<name>…)`, is a field of a row.',
        ),
        each: z
          .enum(['line', 'text'])
          .optional()
          .describe(
            'Where it is looked for: once in each line (when left out), or as often as it is found in the whole.',
          ),
        types,
      }),
    ),
    sound(
      z.strictObject({
        table: z
          .strictObject({
            separator: z
              .enum(['blanks', 'tab', 'comma', 'semicolon', 'pipe'])
              .optional()
              .describe('What stands between cells; `blanks` (when left out): any number of blanks and tabs.'),
            header: z.int().min(1).optional().describe('The line that names the columns, from 1.'),
            columns: z.array(text).min(1).optional().describe('Their names, where no line has them.'),
            types,
          })
          .describe('A row for each line, a field for each column.'),
      }),
    ),
    sound(
      z.strictObject({
        number: text.describe('A pattern around the number (its one group), or of the number itself.'),
      }),
    ),
  ])
  .describe('How the capture is read into observations: by the name of a parser, or in a shape of the study’s own.');

/** The keys of a command that are no prose. */
export const commandKeys = {
  run: text
    .optional()
    .describe('The command line. In a step with a script: a command of the script that this entry annotates.'),
  wait: wait.optional(),
  origin: origin.optional().describe("Where the command comes from; the step's origin when left out."),
  printed: text
    .optional()
    .describe(
      'How the source (the paper, or what it was reconstructed from) prints the command, where the rerun changed it.',
    ),
  capture: captureId.optional(),
  parse: parseSchema.optional(),
  separate: z.boolean().optional().describe('Keep standard error apart from standard output in the capture.'),
  limitSeconds: z
    .int()
    .min(1)
    .max(3600)
    .optional()
    .describe('Time limit; the default is 60 s (600 s for a script that runs whole).'),
  exits: exits
    .optional()
    .describe('How the command is expected to end; 0 when left out, 0 or 1 for a ping that is parsed.'),
};

interface WrittenCommand {
  readonly run?: string | undefined;
  readonly wait?: z.infer<typeof wait> | undefined;
  readonly limitSeconds?: number | undefined;
}

/** A command runs, or waits. */
export function checkCommand({ run, wait, limitSeconds }: WrittenCommand, context: z.RefinementCtx): void {
  const refuse = (key: string, message: string): void => {
    context.addIssue({ code: 'custom', path: [key], message });
  };
  if (run === undefined && wait === undefined) refuse('run', 'this key is missing');
  if (wait === undefined) return;
  if (run !== undefined) refuse('wait', "a command has 'run' or 'wait', not both");
  if (limitSeconds !== undefined) refuse('limitSeconds', "the limit of a 'wait' stands in it");
}

/** A wait is a command like any other once it is read: the loop that a user would type. */
export function commandOf<T extends WrittenCommand>({
  run = '',
  wait,
  ...rest
}: T): Omit<T, 'run' | 'wait'> & { run: string } {
  if (wait === undefined) return { ...rest, run };
  const { until, everySeconds = 1, limitSeconds } = wait;
  const loop = `until ${until}; do sleep ${everySeconds}; done`;
  return { ...rest, run: loop, ...(limitSeconds === undefined ? {} : { limitSeconds }) };
}

/** The keys of a step that say what runs. */
export const programKeys = {
  script: relativePath
    .optional()
    .describe(
      'A script of the study, pushed to the guest and run by what its first line names (`sh` where there is none). Each ' +
        'command of a shell script is traced; what can not be traced exactly runs as one command.',
    ),
  exits: z
    .union([exits, z.record(z.string().regex(/^[1-9]\d*$/, 'a line of the script, by its number'), exits)])
    .optional()
    .describe(
      'How each command of the script is expected to end, or (as a map) those that begin in these lines. A script of which ' +
        'nothing is said must itself end with 0.',
    ),
  topology: captureId.optional().describe('Observe the network after this step, under this name.'),
};

export const makes = z
  .strictObject({
    namespaces: z.array(namespaceName).describe('Every named network namespace that the experiments add.'),
    devices: z
      .array(deviceName)
      .describe(
        "Every network device that they add in the machine's own namespace, also one that they move away then.",
      ),
  })
  .describe(
    'What the experiments make on the machine. A machine of the user (`--guest ssh://…`) takes a study that declares it: ' +
      'none of these may be there before, and all of them are removed after the run.',
  );

/** What `--quick` runs. */
export const quick = z
  .array(text)
  .min(1)
  .describe(
    'What `refigure run --quick` runs: experiments, or cells of them, by the names that `--only` takes. What they build on ' +
      'runs with them; claims on the others are skipped.',
  );

/** The keys of an expectation that are no prose and no origin. */
export const showsKeys = {
  run: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'a digest has 64 digits of hex')
    .optional()
    .describe('The digest of the run that it was `adopted` from (docs/digest.md).'),
  outputs: z
    .record(captureId, text)
    .optional()
    .describe(
      'What each of its captures shows (of a route table, the table), with `<mac>`, `<index>`, `<rtt>`, `<time>` and so ' +
        'on for what a mask hides.',
    ),
  topology: drawnTopology.optional(),
  points: curvePoints.optional(),
  source: text.optional().describe('Where the points come from: `Figure 3, read off with a ruler`.'),
  rule: curveRules.optional(),
  masks: z
    .array(z.enum([...textMaskNames, ...topologyMaskNames]))
    .describe('What may differ in an equivalent figure, or what the drawing leaves out.'),
};

export const expectationOrigin = z
  .enum([...origin.options, 'adopted'])
  .describe(
    'Where the expectation comes from, apart from the figure: a picture of the paper that is lost can only be ' +
      '`reconstructed`. `adopted`: what a run of ours showed, by `refigure adopt`.',
  );

/** `run` goes with the origin `adopted`, and with no other. */
export function isAdoptedByRun({
  origin: from,
  run,
}: {
  readonly origin?: string | undefined;
  readonly run?: unknown;
}): boolean {
  return (from === 'adopted') === (run !== undefined);
}

export const adoptedMessage =
  "'run' goes with the origin 'adopted', and with no other: the digest of the run that showed it";

interface WrittenShows {
  readonly outputs?: unknown;
  readonly topology?: unknown;
  readonly points?: unknown;
  readonly source?: unknown;
  readonly rule?: unknown;
}

/** An expectation is of one sort. */
export function showsOne({ outputs, topology, points }: WrittenShows): boolean {
  return [outputs, topology, points].filter((each) => each !== undefined).length === 1;
}

export const oneExpectation = 'an expectation has exactly one of outputs, topology and points';

/** Points are compared by a rule, and nothing else is. */
export function hasRuleForPoints({ points, rule, source }: WrittenShows): boolean {
  return (points === undefined) === (rule === undefined) && (points !== undefined || source === undefined);
}

export const ruleForPoints =
  "'rule' says by what 'points' are compared, and 'source' where they are from: 'points' need a rule, and neither stands without them";

export const figureId = text
  .max(maxCharacters, tooLong)
  .regex(/^[0-9A-Za-z.-]+$/, 'a figure id has letters, digits, dots and hyphens only')
  .regex(/^(?!.*\.(?:en|zh)$)/i, 'an id that ends in .en or .zh names the picture of another figure');

/** The keys of all kinds of figures. */
export { kindKeys };

export const oneKind = `a figure has exactly one of ${kindNames.slice(0, -1).join(', ')} and ${kindNames.at(-1) ?? ''}`;

export function hasOneKind(value: Readonly<Record<string, unknown>>): boolean {
  return kindsIn(value).length === 1;
}

/**
 * A figure with the keys of its kind alone. The schema of each key holds its type; that of the whole, which is put together
 * from the table of kinds, can't.
 */
export function ofItsKind<Frame extends object>(value: Frame, frameKeys: readonly string[]): Frame & AnyContent {
  const record = value as Readonly<Record<string, unknown>>;
  const [kind] = kindsIn(record) as [AnyContent['kind']];
  const known = [...frameKeys, ...Object.keys(kindOf({ kind }).keys)];
  const own = Object.entries(record).filter(([key]) => known.includes(key));
  return { kind, ...Object.fromEntries(own) } as Frame & AnyContent;
}

export type Origin = z.infer<typeof origin>;
export type ExpectationOrigin = z.infer<typeof expectationOrigin>;
export type Exits = z.infer<typeof exits>;
export type Makes = z.infer<typeof makes>;
export type { DrawnTopology } from './drawn-topology.ts';
