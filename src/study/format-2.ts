import { z } from 'zod';
import { languages } from '../core/languages.ts';
import { captureId, id } from '../core/names.ts';
import { sourceKinds } from '../core/source-kinds.ts';
import { expectedUndecided } from './expected-undecided.ts';
import { experiment, experimentOf, list, selfCheck } from './format-2-experiment.ts';
import { prose } from './format-2-steps.ts';
import { needs } from './needs.ts';
import { ownMasks } from './own-masks.ts';
import {
  adoptedMessage,
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
  quick,
  relativePath,
  ruleForPoints,
  showsKeys,
  showsOne,
  text,
  type Origin,
} from './schema-parts.ts';

/**
 * The second format of a study's file, for papers, posts and experiments of one's own: what can be left out is left out, and a
 * text is a text where there is one language. Every object is strict: a key that is not listed is an error.
 */
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
  undecided: expectedUndecided.optional(),
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
    kind: z.enum(sourceKinds).describe('What it is. `own`: an experiment of the author of the study.'),
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
    quick: quick.optional(),
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

function figureOf({ shows: expected, ...figure }: NonNullable<Written['figures']>[number], usual: Origin) {
  const own = figure.origin ?? usual;
  if (expected === undefined) return { ...figure, origin: own };
  return {
    ...figure,
    origin: own,
    shows: { ...expected, origin: expected.origin ?? own, masks: expected.masks ?? [] },
  };
}
