import type { Findings } from '../../comparison/findings.ts';
import type { SourceKind } from '../../core/source-kinds.ts';
import type { Judged } from '../../evidence/judged.ts';
import { layout } from '../../evidence/layout.ts';
import type { Study } from '../../study/schema.ts';
import type { Language, Translate } from '../language.ts';
import { claimRows, type ClaimRow } from './claim-rows.ts';
import { clockModel, type ClockModel } from './clock.ts';
import { environmentRows, type EnvironmentRow } from './environment.ts';
import { experimentModels, type ExperimentModel } from './experiments.ts';
import { failureRows, type FailureRow } from './failures.ts';
import { FigureMaker, type FigureModel } from './figures.ts';
import { imageRows, type ImageRow } from './images.ts';
import { measureTables, type MeasureTable } from './measures.ts';
import { oneByOne } from './one-by-one.ts';
import { placeFigures } from './place-figures.ts';
import { summarize, type Summary } from './summary.ts';
import { hasVirtualClock, timings, type Timing } from './timings.ts';

/**
 * Everything that a report shows, as data: what a text is made of for Markdown or HTML, and escaped for it, is the
 * renderer's. Strings are plain text but for the study's prose and `heading`, which are Markdown.
 */
export interface ReportModel {
  readonly summary: Summary;
  readonly study: Study;
  readonly language: Language;
  readonly sourceKind: SourceKind;
  /** In which there is such a report, too; null where the study has but one. */
  readonly otherLanguage: Language | null;
  readonly partialReason: string | null;
  /** Files of the evidence that are not as the run has sealed them; of many the first, and an ellipsis. */
  readonly altered: readonly string[];
  /** The study is not the one that ran; of its steps and files the first are named. null: it is. */
  readonly judged: Judged | null;
  /** The guest went on from a state before a step (`EXPERIMENT/STEP`), kept in the run that began then. */
  readonly resumed: { readonly step: string; readonly startedAt: string } | null;
  readonly standIn: boolean;
  /** The run ended before the guest was asked, or the guest had no answer. */
  readonly releaseUnknown: boolean;
  /** The machine is the user's: it was not made for the run. */
  readonly borrowed: boolean;
  /** null: the run came to no guest. */
  readonly clock: ClockModel | null;
  /** The guest's time is another one than the host's. */
  readonly twoClocks: boolean;
  /** What the run ran on, in short. */
  readonly machine: { readonly system: string; readonly guest: string };
  readonly environment: readonly EnvironmentRow[];
  /** The better guests that could not be had, each with the reason. */
  readonly passedOver: readonly { readonly guest: string; readonly reason: string }[];
  /** The commands that ended otherwise than expected, in the order in which they ran. */
  readonly failures: readonly FailureRow[];
  readonly claims: readonly ClaimRow[];
  readonly measures: readonly MeasureTable[];
  /** Those of the measures; they stand in no step. */
  readonly measureFigures: readonly FigureModel[];
  /** All figures in the study's order; each stands in its step or among those of the run, too. */
  readonly figures: readonly FigureModel[];
  readonly experiments: readonly ExperimentModel[];
  /** Those of the run as a whole, as where its time went; they stand in no step. */
  readonly runFigures: readonly FigureModel[];
  readonly timings: readonly Timing[];
  readonly imageFiles: readonly ImageRow[];
  readonly studyFiles: readonly { readonly path: string; readonly target: string }[];
}

export async function makeModel(findings: Findings, language: Language, t: Translate): Promise<ReportModel> {
  const { evidence } = findings;
  const { judged } = evidence;
  const { study, files } = evidence.loaded;
  const summary = summarize(findings, language, t);
  const { release } = summary;
  const { guest, choice, reason, resumed } = evidence.record;
  const claims = claimRows(findings);
  const maker = new FigureMaker(findings, claims, language, t);
  const places = placeFigures(evidence.loaded);
  const experiments = await experimentModels(findings, { places, figures: maker, language, t });
  const measureFigures = await oneByOne(places.ofMeasures, (figure) => maker.make(figure, 3));
  const runFigures = await oneByOne(places.ofTheRun, (figure) => maker.make(figure, 3));
  return {
    summary,
    study,
    language,
    sourceKind: study.paper.kind,
    partialReason: reason,
    altered: firstOf(evidence.altered, shownNames),
    judged: judged && { ...judged, steps: firstOf(judged.steps, shownNames), files: firstOf(judged.files, shownNames) },
    resumed:
      resumed === undefined ? null : { step: `${resumed.experiment}/${resumed.step}`, startedAt: resumed.startedAt },
    standIn: release.wanted !== null && release.found !== null && !release.matches,
    releaseUnknown: release.wanted !== null && release.found === null,
    otherLanguage: study.languages.find((other) => other !== language) ?? null,
    borrowed: evidence.record.guest?.ownership === 'borrowed',
    clock: clockModel(evidence),
    twoClocks: hasVirtualClock(evidence),
    machine: { system: release.found ?? t('unknown'), guest: guest?.provider ?? t('unknown') },
    environment: environmentRows(evidence, summary, t),
    passedOver: choice.passedOver,
    failures: failureRows(findings),
    claims,
    measures: measureTables(findings),
    measureFigures,
    figures: inOrder(study, [
      ...experiments.flatMap(({ steps }) => steps.flatMap((step) => step.figures)),
      ...measureFigures,
      ...runFigures,
    ]),
    experiments,
    runFigures,
    timings: timings(evidence),
    imageFiles: imageRows(evidence, t),
    studyFiles: files.map(({ path }) => ({ path, target: `${layout.study}/${path}` })),
  };
}

/** How many files or steps are named in a warning. */
const shownNames = 10;

function firstOf(names: readonly string[], most: number): string[] {
  return names.length <= most ? [...names] : [...names.slice(0, most), '…'];
}

/** As the study lists its figures, and not as they stand in its steps. */
function inOrder({ figures }: Study, models: readonly FigureModel[]): FigureModel[] {
  return figures.flatMap((figure) => models.find((model) => model.figure === figure) ?? []);
}
