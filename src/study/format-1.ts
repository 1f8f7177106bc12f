import { z } from 'zod';
import { captureId, id } from '../core/names.ts';
import {
  adoptedMessage,
  checkCommand,
  commandKeys,
  commandOf,
  expectationOrigin,
  figureId,
  hasOneKind,
  hasRuleForPoints,
  isAdoptedByRun,
  kindKeys,
  makes,
  ofItsKind,
  oneExpectation,
  oneKind,
  origin,
  programKeys,
  quick,
  relativePath,
  ruleForPoints,
  showsKeys,
  showsOne,
  text,
} from './schema-parts.ts';

/**
 * The first format of a study's file, for papers: all prose in two languages, an origin everywhere. Every object is strict: a
 * key that is not listed is an error.
 */
const prose = z
  .strictObject({ en: text, zh: text })
  .describe('The same prose in English and in Chinese, as GitHub Markdown without block elements.');

const { run, wait, origin: commandOrigin, printed, ...reading } = commandKeys;

const command = z
  .strictObject({
    run,
    wait,
    origin: commandOrigin,
    printed,
    mended: prose.optional().describe('What was changed against the printed form, and why.'),
    ...reading,
  })
  .superRefine(checkCommand)
  .transform((written) => commandOf(written));

const step = z.strictObject({
  id,
  title: prose,
  origin,
  note: prose.optional().describe('What a reader of the report should know about this step.'),
  script: programKeys.script,
  commands: z.array(command).optional().describe('The commands themselves, or annotations of those in the script.'),
  exits: programKeys.exits,
  topology: captureId.optional().describe('Observe the network after this step, under this name.'),
});

const experiment = z.strictObject({
  id,
  section: text.describe("The paper's section."),
  title: prose,
  summary: prose.optional(),
  after: id.optional().describe('The experiment whose state this one builds on; it is run first.'),
  steps: z.array(step).min(1),
});

const shows = z
  .strictObject({ origin: expectationOrigin, note: prose.optional(), ...showsKeys })
  .refine(showsOne, { message: oneExpectation })
  .refine(hasRuleForPoints, { message: ruleForPoints })
  .refine(isAdoptedByRun, { message: adoptedMessage })
  .describe("What the paper's figure shows, and by which rule the regenerated one is compared with it.");

const frame = {
  id: figureId,
  origin,
  caption: prose,
  paper: prose.describe('What the paper says of this figure, or shows in it.'),
  note: prose.optional(),
};

const figure = z
  .strictObject({ ...frame, ...kindKeys, shows: shows.optional() })
  .refine(hasOneKind, { message: oneKind })
  .transform((value) => ofItsKind(value, [...Object.keys(frame), 'shows']));

const claim = z.strictObject({
  id,
  origin,
  statement: prose,
  sentence: text.optional().describe("The paper's sentence that this claim checks, in the paper's language."),
  section: text.optional(),
  figure: text.optional().describe('The figure that shows it.'),
  given: text.optional().describe('Expression that must hold for the claim to be decidable at all.'),
  expect: text.describe('Expression over the captures: true upholds the claim, false refutes it.'),
});

export const format1 = z
  .strictObject({
    format: z.literal(1),
    id,
    title: prose,
    paper: z.strictObject({
      title: prose,
      authors: z.array(prose).min(1),
      journal: prose,
      year: z.int(),
      issue: text.optional(),
      pages: text.optional(),
      articleNumber: text.optional(),
    }),
    environment: z
      .strictObject({
        release: text.describe('The system as the paper names it.'),
        releaseFile: text.describe('File of the guest that must name that release, as /etc/centos-release.'),
        releasePattern: text.describe('What that file must contain for the guest to be the same release.'),
        prompt: text.describe('The prompt that the paper shows.'),
        differences: prose.describe('What follows from running on another system.'),
      })
      .describe('The environment that the paper used.'),
    origins: z
      .strictObject({ text: prose, reconstructed: prose, added: prose })
      .describe('What each kind of origin means in this study, with its source.'),
    makes: makes.optional(),
    quick: quick.optional(),
    files: z
      .array(relativePath)
      .optional()
      .describe('Further files that the commands use, pushed beside the scripts and kept with the evidence.'),
    misprints: z.array(z.strictObject({ printed: text, mended: text, note: prose })).optional(),
    experiments: z.array(experiment).min(1),
    figures: z.array(figure),
    claims: z.array(claim).min(1),
    definitions: z.unknown().optional().describe('A place for YAML anchors; read by nobody else.'),
  })
  .describe('A Refigure study: the experiments of one paper, its figures and its claims.')
  .transform(({ environment, paper, ...study }) => {
    const { prompt, ...system } = environment;
    return {
      ...study,
      definitions: undefined,
      languages: ['en', 'zh'] as const,
      paper: { ...paper, kind: 'paper' as const },
      prompt,
      environment: system,
    };
  });
