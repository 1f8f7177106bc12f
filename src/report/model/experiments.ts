import { whyPartly, whyUnavailable, type UndecidedReason } from '../../claim/judge.ts';
import type { Findings } from '../../comparison/findings.ts';
import { isStepAsked } from '../../evidence/asked.ts';
import { shownLimit } from '../../evidence/cut-output.ts';
import type { Journal, RecordedCommand } from '../../evidence/journal.ts';
import { leftBehind, type LeftBehind } from '../../evidence/left-behind.ts';
import { layout } from '../../evidence/layout.ts';
import { askedNeeds, skippedExperiments, type AskedNeed, type Skipped } from '../../evidence/needs.ts';
import { commandsOf, outputsOf, topologyProbes } from '../../evidence/open.ts';
import type { Experiment, Step } from '../../study/schema.ts';
import { experimentTitle } from '../../study/titles.ts';
import type { IndexedStep } from '../../study/study-index.ts';
import type { Language, Translate } from '../language.ts';
import { commandNotes, type CommandNote } from './command-notes.ts';
import { remarkOn } from './end-remark.ts';
import { omissionRow, type OmissionRow } from './failures.ts';
import type { FigureMaker, FigureModel } from './figures.ts';
import { oneByOne } from './one-by-one.ts';
import type { FigurePlaces } from './place-figures.ts';
import { showCommand, type CaptureFile, type ShownCommand } from './transcript.ts';

export interface ExperimentModel {
  readonly experiment: Experiment;
  readonly heading: string;
  /** The experiment in the study's file of which it is a cell; null: it is run once. */
  readonly group: CellGroup | null;
  readonly asked: boolean;
  /** Why it was skipped though it was asked for: the guest lacks something. null: it was not. */
  readonly skipped: Skipped | null;
  /** What it needs of which it could not be told whether the guest has it; null: nothing. */
  readonly unknownNeeds: readonly AskedNeed[] | null;
  readonly journal: string | null;
  readonly recording: RecordingModel | null;
  readonly steps: readonly StepModel[];
  /** What it left behind; null: nothing, or that was not looked at. */
  readonly left: LeftBehind | null;
}

/** The cells of an experiment stand together, below the experiment's own heading. */
export interface CellGroup {
  readonly experiment: Experiment;
  readonly heading: string;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  /** How many there are. */
  readonly count: number;
}

export interface RecordingModel {
  readonly path: string;
  /** The command line that plays it. */
  readonly play: string;
  /** Whether it is known when each output arrived, and not only when its command ended. */
  readonly timed: boolean;
  /** The file's text, in asciicast v2. */
  readonly content: string;
}

export interface StepModel {
  readonly number: number;
  readonly step: Step;
  /** false: the run was to stop before it. */
  readonly asked: boolean;
  /** Empty: it did not run. */
  readonly commands: readonly ShownCommand[];
  /** Why its script ran as one command; null where each command was traced. */
  readonly whole: string | null;
  /** What of it did not run though it began; null: nothing. */
  readonly omission: OmissionRow | null;
  /** What was captured in it and is not read, as a whole or in part; of each capture, the first line. */
  readonly notRead: readonly UndecidedReason[];
  readonly commandNotes: readonly CommandNote[];
  readonly figures: readonly FigureModel[];
  /** The commands by which the network was observed after the step. */
  readonly observation: readonly ShownCommand[];
}

/** What the models of the experiments are made with. */
export interface ExperimentOptions {
  readonly places: FigurePlaces;
  readonly figures: FigureMaker;
  readonly language: Language;
  readonly t: Translate;
}

/** Makes the models of a run's experiments, in the study's order. */
export function experimentModels(findings: Findings, options: ExperimentOptions): Promise<ExperimentModel[]> {
  const { evidence } = findings;
  const maker = {
    ...options,
    findings,
    captured: capturedCommands(findings),
    skipped: skippedExperiments(evidence),
    shownBytes: shownLimit(outputsOf(evidence)),
  };
  return oneByOne(evidence.loaded.study.experiments, (experiment) => experimentModel(experiment, maker));
}

interface Maker extends ExperimentOptions {
  readonly findings: Findings;
  readonly captured: ReadonlyMap<RecordedCommand, CaptureFile>;
  readonly skipped: ReadonlyMap<string, Skipped>;
  /** How much is shown of each output. */
  readonly shownBytes: number;
}

function capturedCommands({ evidence, decidingLines }: Findings): Map<RecordedCommand, CaptureFile> {
  return new Map(
    [...evidence.captures.values()].flatMap(({ name, file, command }) => {
      const paths = { path: file, errorPath: layout.captureErrors(name) };
      const deciding = decidingLines.get(name) ?? [];
      return command === null ? [] : [[command, { id: name, ...paths, deciding }] as const];
    }),
  );
}

async function experimentModel(experiment: Experiment, maker: Maker): Promise<ExperimentModel> {
  const { language } = maker;
  const { evidence } = maker.findings;
  return {
    experiment,
    heading: experimentTitle(experiment, language),
    group: groupOf(experiment, maker),
    asked: evidence.record.study.experiments.includes(experiment.id),
    ...needsModel(experiment, maker),
    journal: evidence.journals.has(experiment.id) ? layout.journal(experiment.id) : null,
    recording: recordingModel(experiment, maker),
    left: leftBehind(evidence.journals.get(experiment.id)),
    steps: await oneByOne(experiment.steps, (step, index) => stepModel(step, index + 1, experiment, maker)),
  };
}

function groupOf({ id, cell }: Experiment, { language, findings }: Maker): CellGroup | null {
  if (cell === undefined) return null;
  const { study, written } = findings.evidence.loaded;
  const experiment = written.index.experiments.get(cell.of);
  const cells = study.experiments.filter((each) => each.cell?.of === cell.of);
  if (experiment === undefined) return null;
  return {
    experiment,
    heading: experimentTitle(experiment, language),
    isFirst: cells[0]?.id === id,
    isLast: cells.at(-1)?.id === id,
    count: cells.length,
  };
}

function needsModel(
  { id }: Experiment,
  { findings, skipped }: Maker,
): Pick<ExperimentModel, 'skipped' | 'unknownNeeds'> {
  const unknown = askedNeeds(findings.evidence.journals.get(id)).filter(({ state }) => state === 'unknown');
  return { skipped: skipped.get(id) ?? null, unknownNeeds: unknown.length === 0 ? null : unknown };
}

function recordingModel({ id }: Experiment, { findings }: Maker): RecordingModel | null {
  const path = layout.recording(id);
  const content = findings.recordings().get(path);
  if (content === undefined) return null;
  return { path, play: `asciinema play ${path}`, timed: findings.evidence.arrivals.has(id), content };
}

async function stepModel(step: Step, number: number, experiment: Experiment, maker: Maker): Promise<StepModel> {
  const { captured, shownBytes, figures, places } = maker;
  const { evidence, omissions } = maker.findings;
  const journal = layout.journal(experiment.id);
  const indexed = evidence.loaded.index.step(experiment.id, step.id);
  const show = (command: RecordedCommand): ShownCommand =>
    showCommand(command, {
      journal,
      captured: captured.get(command) ?? null,
      remark: remarkOn(command, captured.get(command)?.id, maker.findings),
      limit: shownBytes,
    });
  return {
    number,
    step,
    asked: indexed === undefined || isStepAsked(evidence.record, evidence.loaded.index, indexed),
    commands: commandsOf(evidence.journals.get(experiment.id), step.id).map(show),
    whole: wholeReason(indexed, evidence.journals.get(experiment.id)),
    omission: omissionRow(omissions, experiment.id, step.id),
    notRead: notReadIn(experiment.id, step.id, maker.findings),
    commandNotes: commandNotes(step),
    figures: await oneByOne(places.after(experiment.id, step.id), (figure) => figures.make(figure, 4)),
    observation: (topologyProbes(evidence, { experiment, step }) ?? []).map(show),
  };
}

function notReadIn(experiment: string, step: string, { evidence, observed }: Findings): UndecidedReason[] {
  const { index } = evidence.loaded;
  return [...observed].flatMap(([name, found]) => {
    const place = index.stepOf(name);
    if (place?.experiment.id !== experiment || place.step.id !== step) return [];
    return found.state === 'unreadable' ? whyUnavailable(name, found) : (whyPartly(name, found) ?? []);
  });
}

/** In format 1 every script was traced, in its way. */
function wholeReason(step: IndexedStep | undefined, journal: Journal | undefined): string | null {
  const traced = journal?.format === 1 ? undefined : step?.program?.traced;
  return traced?.kind === 'whole' ? traced.why : null;
}
