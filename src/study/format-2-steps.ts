import { z } from 'zod';
import { captureId, id } from '../core/names.ts';
import { background } from './background.ts';
import { collected } from './collect.ts';
import {
  checkCommand,
  commandKeys,
  commandOf,
  origin,
  programKeys,
  relativePath,
  text,
  type Origin,
} from './schema-parts.ts';
import type { Step } from './schema.ts';
import type { YamlPath } from './source.ts';

/** The steps of a study in the second format, and the texts of all of it. */
export const prose = z
  .union([text, z.strictObject({ en: text, zh: text }), z.strictObject({ en: text }), z.strictObject({ zh: text })])
  .describe('A text, or the same in several languages, as GitHub Markdown without block elements.')
  .transform((written) => {
    if (typeof written === 'string') return { en: written, zh: written };
    const [en, zh] = ['en' in written ? written.en : written.zh, 'zh' in written ? written.zh : written.en];
    return { en, zh };
  });

const command = z.union([
  text.describe('The command line.').transform((run) => commandOf({ run })),
  z
    .strictObject({
      ...commandKeys,
      mended: prose.optional().describe('What was changed against the printed form, and why.'),
    })
    .superRefine(checkCommand)
    .transform((written) => commandOf(written)),
]);

/** What a step runs. */
export const programme = {
  script: programKeys.script,
  commands: z.array(command).optional().describe('The commands themselves, or annotations of those in the script.'),
  exits: programKeys.exits,
  topology: captureId.optional().describe('Observe the network after this step, under this name.'),
  background: z.array(background).min(1).optional().describe('Started in this order; each waits until it is ready.'),
  collect: z.array(collected).min(1).optional().describe('Files of the guest that are evidence.'),
};

const step = z.strictObject({
  id,
  title: prose.optional().describe('Its id when left out.'),
  origin: origin.optional().describe("The experiment's when left out."),
  note: prose.optional().describe('What a reader of the report should know about this step.'),
  ...programme,
});

/** The same in a file of its own, where it may have no id. */
export const includedStep = z.strictObject({ ...step.shape, id: id.optional() });

/** Of a parameter, and of what a file of steps is used with. */
export const parameterValue = z.union([z.number(), text, z.boolean()]);

/** A step, or several, of a file of their own. */
const used = z
  .strictObject({
    use: relativePath.describe('A file of the study that holds a step, or a list of steps.'),
    with: z.record(captureId, parameterValue).optional().describe('What stands in that file for `${name}`.'),
    id: id
      .optional()
      .describe('The id of the step. Where the file has several, it stands before the id of each, with a hyphen.'),
  })
  .describe('Steps that several experiments have, once.');

export const anyStep = z.union([step, used]);

/** What is done before the steps of an experiment, or after them. */
export const phase = z.union([
  z
    .array(command)
    .min(1)
    .transform((commands) => ({ commands })),
  z.strictObject({
    title: prose.optional(),
    origin: origin.optional(),
    note: prose.optional(),
    ...programme,
  }),
  used,
]);

type WrittenStep = z.output<typeof anyStep>;

/** `at`: where it stands; undefined: at its place among the steps. */
export function stepOf(written: WrittenStep, usual: Origin, at: YamlPath | undefined): Step {
  const place = at === undefined ? {} : { at };
  if ('use' in written) {
    const { use, with: values = {}, id: own } = written;
    const name = own ?? use;
    return {
      id: name,
      title: { en: name, zh: name },
      origin: usual,
      use: { file: use, values, id: own ?? null },
      ...place,
    };
  }
  const { title = { en: written.id, zh: written.id }, origin: of = usual, ...rest } = written;
  return { ...rest, title, origin: of, ...place };
}
