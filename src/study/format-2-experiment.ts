import { z } from 'zod';
import { captureId, id } from '../core/names.ts';
import { needs } from './needs.ts';
import { anyStep, parameterValue, phase, programme, prose, stepOf } from './format-2-steps.ts';
import { origin, text, type Origin } from './schema-parts.ts';
import type { YamlPath } from './source.ts';

/** The experiments of a study in the second format. */
export const selfCheck = z
  .strictObject({
    expect: text.describe('Expression over the captures. Where it is false, the claims are undecided.'),
    otherwise: prose.describe('Why, in words: as `the emulator was the bottleneck`.'),
  })
  .describe('What has to hold for anything to be concluded.');

const parameterName = captureId
  .refine((name) => !name.startsWith('rf_'), "names that begin with 'rf_' are Refigure's own in the guest's shell")
  .describe('Name of a parameter: `${name}` in commands, a variable in scripts and in claims.');

/** One may stand without its list. */
export const list = <T extends z.ZodType>(of: T) =>
  z.union([of.transform((one) => [one]), z.array(of).min(1)]) as z.ZodType<z.output<T>[], z.input<T> | z.input<T>[]>;

/** The keys of an experiment that is run more than once. */
const matrixKeys = {
  parameters: z
    .record(parameterName, list(parameterValue))
    .optional()
    .describe('What it is run for: each combination of these values is a cell, an experiment of its own.'),
  except: list(z.record(parameterName, parameterValue))
    .optional()
    .describe('Which cells are left out: all that have these values; of a list, all that fit one of it.'),
  repeat: z
    .int()
    .min(1)
    .max(1000)
    .optional()
    .describe(
      'How often each cell is run: with seeds one after the other where the clock is virtual; 1 when left out.',
    ),
  guest: z
    .enum(['clean', 'shared'])
    .optional()
    .describe(
      '`clean` (when left out): each run has a guest of its own, in which the experiments that it builds on run first. ' +
        '`shared`: they run one after the other in one guest.',
    ),
};

export const experiment = z
  .strictObject({
    id,
    section: text.optional().describe('The section of the source that tells of it.'),
    title: prose.optional().describe('Its id when left out.'),
    summary: prose.optional().describe('What a reader of the report is told before its steps.'),
    origin: origin.optional().describe("The origin of its steps; the study's when left out."),
    after: id.optional().describe('The experiment above whose state this one builds on. It is run first.'),
    ...matrixKeys,
    needs: needs.optional(),
    selfCheck: selfCheck.optional(),
    setup: phase.optional().describe('What is done first: commands, or a step.'),
    steps: z.array(anyStep).min(1).optional().describe('What is done, in this order.'),
    cleanup: phase.optional().describe('What is done last, whatever failed before: commands, or a step.'),
    ...programme,
  })
  .superRefine(({ parameters, except, repeat, guest, steps, script, commands }, context) => {
    const refuse = (key: string, message: string): void => {
      context.addIssue({ code: 'custom', path: [key], message });
    };
    if (except !== undefined && parameters === undefined) refuse('except', "'except' needs 'parameters'");
    if (guest !== undefined && parameters === undefined && repeat === undefined)
      refuse('guest', "'guest' is for an experiment with 'parameters' or 'repeat'");
    if ((steps === undefined) === (script === undefined && commands === undefined)) {
      const message = "an experiment has 'steps', or (where it is one step) a 'script' or 'commands'";
      context.addIssue({ code: 'custom', message });
    }
  });

/** `place`: among the study's experiments; `usual`: the origin of what names none. */
export function experimentOf(
  { steps, setup, cleanup, ...written }: z.output<typeof experiment>,
  place: number,
  usual: Origin,
) {
  const { script, commands, exits, topology, background: processes, collect, origin: own = usual, ...others } = written;
  const { parameters, except = [], repeat, guest = 'clean', ...rest } = others;
  const title = rest.title ?? { en: rest.id, zh: rest.id };
  const only = {
    id: rest.id,
    title,
    ...(script === undefined ? {} : { script }),
    ...(commands === undefined ? {} : { commands }),
    ...(exits === undefined ? {} : { exits }),
    ...(topology === undefined ? {} : { topology }),
    ...(processes === undefined ? {} : { background: processes }),
    ...(collect === undefined ? {} : { collect }),
  };
  const path = ['experiments', place];
  // Without a setup before them the steps stand where the study has them.
  const placeOf = (index: number | null): YamlPath | undefined => {
    if (index === null) return path;
    return setup === undefined ? undefined : [...path, 'steps', index];
  };
  const all = [
    ...(setup === undefined ? [] : [stepOf({ id: 'setup', ...setup }, own, [...path, 'setup'])]),
    ...(steps ?? [only]).map((each, index) => stepOf(each, own, placeOf(steps === undefined ? null : index))),
    ...(cleanup === undefined ? [] : [stepOf({ id: 'cleanup', ...cleanup }, own, [...path, 'cleanup'])]),
  ];
  if (parameters === undefined && repeat === undefined) return { ...rest, title, steps: all };
  return { ...rest, title, steps: all, matrix: { parameters: parameters ?? {}, except, repeat: repeat ?? 1, guest } };
}
