import { z } from 'zod';
import { languages } from '../core/languages.ts';
import { captureId, id } from '../core/names.ts';
import { background } from './background.ts';
import { collected } from './collect.ts';
import { needs } from './needs.ts';
import { ownMasks } from './own-masks.ts';
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
  relativePath,
  ruleForPoints,
  showsKeys,
  showsOne,
  text,
  type Origin,
} from './schema-parts.ts';
import type { Step } from './schema.ts';
import type { YamlPath } from './source.ts';

/**
 * The second format of a study's file, for papers, posts and experiments of one's own: what can be left out is left out, and a
 * text is a text where there is one language. Every object is strict: a key that is not listed is an error.
 */
const prose = z
  .union([text, z.strictObject({ en: text, zh: text }), z.strictObject({ en: text }), z.strictObject({ zh: text })])
  .describe('A text, or the same in several languages, as GitHub Markdown without block elements.')
  .transform((written) => {
    if (typeof written === 'string') return { en: written, zh: written };
    const [en, zh] = ['en' in written ? written.en : written.zh, 'zh' in written ? written.zh : written.en];
    return { en, zh };
  });

const selfCheck = z
  .strictObject({
    expect: text.describe('Expression over the captures. Where it is false, the claims are undecided.'),
    otherwise: prose.describe('Why, in words: as `the emulator was the bottleneck`.'),
  })
  .describe('What has to hold for anything to be concluded.');

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

const programme = {
  script: programKeys.script,
  commands: z.array(command).optional().describe('The commands themselves, or annotations of those in the script.'),
  exits: programKeys.exits,
  topology: captureId.optional().describe('Observe the network after this step, under this name.'),
  background: z.array(background).min(1).optional().describe('Started in this order; each waits until it is ready.'),
  collect: z.array(collected).min(1).optional().describe('Files of the guest that are evidence.'),
};

export const step = z.strictObject({
  id,
  title: prose.optional().describe('Its id when left out.'),
  origin: origin.optional().describe("The experiment's when left out."),
  note: prose.optional().describe('What a reader of the report should know about this step.'),
  ...programme,
});

/** The same in a file of its own, where it may have no id. */
export const includedStep = z.strictObject({ ...step.shape, id: id.optional() });

/** A step, or several, of a file of their own. */
const used = z
  .strictObject({
    use: relativePath.describe('A file of the study that holds a step, or a list of steps.'),
    with: z
      .record(captureId, z.union([z.number(), text, z.boolean()]))
      .optional()
      .describe('What stands in that file for `${name}`.'),
    id: id
      .optional()
      .describe('The id of the step. Where the file has several, it stands before the id of each, with a hyphen.'),
  })
  .describe('Steps that several experiments have, once.');

const anyStep = z.union([step, used]);

/** What is done before the steps of an experiment, or after them. */
const phase = z.union([
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

const parameterName = captureId
  .refine((name) => !name.startsWith('rf_'), "names that begin with 'rf_' are Refigure's own in the guest's shell")
  .describe('Name of a parameter: `${name}` in commands, a variable in scripts and in claims.');

const parameterValue = z.union([z.number(), text, z.boolean()]);

const list = <T extends z.ZodType>(of: T) =>
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

const experiment = z
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

const shows = z
  .strictObject({
    origin: expectationOrigin
      .optional()
      .describe("Where the expectation comes from; the figure's origin when left out."),
    note: prose.optional().describe('What a reader should know about the expectation.'),
    ...showsKeys,
    masks: z
      .array(z.union([showsKeys.masks.element, text]))
      .optional()
      .describe('What may differ in an equivalent figure, or what the drawing leaves out.'),
  })
  .refine(showsOne, { message: oneExpectation })
  .refine(hasRuleForPoints, { message: ruleForPoints })
  .refine(isAdoptedByRun, { message: adoptedMessage })
  .describe("What the source's figure shows, and by which rule the regenerated one is compared with it.");

const frame = {
  id: figureId.describe('The number of the figure in the source, or a name.'),
  origin: origin.optional().describe("The study's when left out."),
  caption: prose.describe('What the figure is of, as the source has it or in words of one’s own.'),
  paper: prose.optional().describe('What the source says of this figure, or shows in it.'),
  note: prose.optional().describe('What a reader of the report should know about this figure.'),
};

const figure = z
  .strictObject({ ...frame, ...kindKeys, shows: shows.optional() })
  .refine(hasOneKind, { message: oneKind })
  .transform((value) => ofItsKind(value, [...Object.keys(frame), 'shows']));

const claim = z.strictObject({
  id,
  origin: origin.optional().describe("The study's when left out."),
  statement: prose.describe('What is claimed. `${name}` in it is the value of a parameter of `for`.'),
  sentence: text.optional().describe("The source's sentence that this claim checks, in the source's language."),
  section: text.optional().describe('The section of the source that has it.'),
  figure: text.optional().describe('The figure that shows it.'),
  for: list(captureId)
    .optional()
    .describe('Parameters: it is judged for each combination of their values, and upheld where it is for all of them.'),
  given: text.optional().describe('Expression that must hold for the claim to be decidable at all.'),
  expect: text.describe('Expression over the captures: true upholds the claim, false refutes it.'),
});

const measure = z
  .strictObject({
    of: text.describe('Expression over the captures of one experiment, which gives a number.'),
    unit: text.optional().describe('Its unit, as it stands at axes.'),
    title: prose.optional().describe('Its name when left out.'),
  })
  .describe('A number that the study is about: one in each run of its experiment.');

const source = z
  .strictObject({
    kind: z
      .enum(['paper', 'post', 'RFC', 'documentation', 'own'])
      .describe('What it is. `own`: an experiment of the author of the study.'),
    title: prose.optional().describe("The study's when left out."),
    authors: z.array(prose).optional().describe('Who wrote it.'),
    in: prose.optional().describe('The journal, the conference, the site.'),
    year: z.int().optional().describe('When it came out.'),
    volume: text.optional().describe('The volume of the journal.'),
    issue: text.optional().describe('The issue of the volume.'),
    pages: text.optional().describe('From which page to which.'),
    articleNumber: text.optional().describe('The number that a journal without pages gives it.'),
    doi: text
      .regex(/^10\.\d{4,}\/\S+$/, 'a DOI begins with 10.')
      .optional()
      .describe('Its DOI, without `https://doi.org/`.'),
    url: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('Where it can be read.'),
  })
  .describe('What the study reruns.');

const written = z
  .strictObject({
    format: z.literal(2).describe('The format of the file.'),
    id,
    title: prose.describe('What the study is about: the headline of its report.'),
    languages: z
      .array(z.enum(languages))
      .min(1)
      .optional()
      .describe('The languages of its prose. A report is made in each of them; in English when left out.'),
    source: source.optional().describe('What the study reruns; an experiment of its own when left out.'),
    environment: z
      .strictObject({
        release: text.describe('The system as the source names it.'),
        releaseFile: text.describe('File of the guest that must name that release, as /etc/centos-release.'),
        releasePattern: text.describe('What that file must contain for the guest to be the same release.'),
        differences: prose.optional().describe('What follows from running on another system.'),
      })
      .optional()
      .describe('The environment that the source used, where it names one.'),
    prompt: text.optional().describe('The prompt that the source shows; # when left out.'),
    origin: origin
      .optional()
      .describe(
        'The origin of all that names none. When left out it is `added` where the study is its own source, and else `text`.',
      ),
    origins: z
      .strictObject({
        text: prose.optional().describe('What the source states.'),
        reconstructed: prose.optional().describe('What was rebuilt, and from what.'),
        added: prose.optional().describe('What is ours.'),
      })
      .optional()
      .describe('What each kind of origin means in this study, with its source.'),
    makes: makes.optional(),
    needs: needs.optional(),
    selfCheck: selfCheck.optional(),
    files: z
      .array(relativePath)
      .optional()
      .describe('Further files that the commands use, pushed beside the scripts and kept with the evidence.'),
    masks: ownMasks.optional(),
    misprints: z
      .array(
        z.strictObject({
          printed: text.describe('What the source prints.'),
          mended: text.describe('What it means.'),
          note: prose.describe('How one can tell.'),
        }),
      )
      .optional()
      .describe('What the source misprints; the report lists that.'),
    measures: z.record(captureId, measure).optional().describe('The numbers that the study is about, by their names.'),
    experiments: z.array(experiment).min(1).describe('What is run, in this order.'),
    figures: z.array(figure).optional().describe('What the report shows as pictures, in this order.'),
    claims: z.array(claim).min(1).describe('What the source states, and what decides it.'),
    definitions: z.unknown().optional().describe('A place for YAML anchors; read by nobody else.'),
  })
  .describe('A Refigure study: experiments of a paper, a post or its author, their figures and claims.');

type Written = z.output<typeof written>;

const originMeanings: Readonly<Record<Origin, { readonly en: string; readonly zh: string }>> = {
  text: { en: 'The source states it.', zh: '来源中有明确记述。' },
  reconstructed: { en: 'Rebuilt from what else is known of the source.', zh: '根据与来源有关的其他材料重建。' },
  added: { en: 'Ours.', zh: '本研究新增。' },
};

/** What was left out is filled in, so that whoever reads a study finds one shape. */
export const format2 = written.transform((study) => {
  const { source: given = { kind: 'own' as const }, environment, prompt = '#', origins, ...rest } = study;
  const usual = study.origin ?? (given.kind === 'own' ? 'added' : 'text');
  const { in: journal, title = study.title, authors = [], ...place } = given;
  return {
    ...rest,
    definitions: undefined,
    languages: study.languages ?? (['en'] as const),
    prompt,
    paper: { ...place, title, authors, ...(journal === undefined ? {} : { journal }) },
    environment: environment ?? null,
    origins: {
      text: origins?.text ?? originMeanings.text,
      reconstructed: origins?.reconstructed ?? originMeanings.reconstructed,
      added: origins?.added ?? originMeanings.added,
    },
    experiments: study.experiments.map((each, place) => experimentOf(each, place, usual)),
    figures: (study.figures ?? []).map((each) => figureOf(each, usual)),
    claims: study.claims.map((each) => ({ ...each, origin: each.origin ?? usual })),
  };
});

function experimentOf(
  { steps, setup, cleanup, ...experiment }: Written['experiments'][number],
  place: number,
  usual: Origin,
) {
  const {
    script,
    commands,
    exits,
    topology,
    background: processes,
    collect,
    origin: own = usual,
    ...others
  } = experiment;
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

type WrittenStep = z.output<typeof anyStep>;

/** `at`: where it stands; undefined: at its place among the steps. */
function stepOf(written: WrittenStep, usual: Origin, at: YamlPath | undefined): Step {
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

function figureOf({ shows: expected, ...figure }: NonNullable<Written['figures']>[number], usual: Origin) {
  const own = figure.origin ?? usual;
  if (expected === undefined) return { ...figure, origin: own };
  return {
    ...figure,
    origin: own,
    shows: { ...expected, origin: expected.origin ?? own, masks: expected.masks ?? [] },
  };
}
