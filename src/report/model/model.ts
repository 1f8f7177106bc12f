import type { Findings } from '../../comparison/findings.ts';
import { shownLimit } from '../../evidence/cut-output.ts';
import { commandSeconds, guestFacts } from '../../evidence/facts.ts';
import type { RecordedCommand } from '../../evidence/journal.ts';
import { layout } from '../../evidence/layout.ts';
import { commandsOf, outputsOf, topologyProbes, type Evidence } from '../../evidence/open.ts';
import { wasBorrowed } from '../../evidence/recorded-guest.ts';
import type { RunRecord } from '../../evidence/run-record.ts';
import type { LoadedStudy } from '../../study/load.ts';
import { namesInFigure } from '../../study/names.ts';
import type { Experiment, Figure, Origin, Prose, Step, Study } from '../../study/schema.ts';
import { claimRows, type ClaimRow } from './claim-rows.ts';
import { compareFigure, type FigureComparison } from './figure-comparison.ts';
import { FigureDrawer, type ReportFigure } from './figure-drawer.ts';
import type { Language, Translate } from '../language.ts';
import { summarize, type Summary } from './summary.ts';
import { showCommand, type Captured, type ShownCommand } from './transcript.ts';

/**
 * Everything that a report shows, as data: what a text is made of for Markdown or HTML, and escaped for it, is the
 * renderer's. Strings are plain text but for the study's prose and `heading`, which are Markdown.
 */
export interface ReportModel {
  readonly summary: Summary;
  readonly study: Study;
  readonly language: Language;
  readonly partialReason: string | null;
  readonly standIn: boolean;
  /** The run ended before the guest was asked, or the guest had no answer. */
  readonly releaseUnknown: boolean;
  /** The machine is the user's: it was not made for the run. */
  readonly borrowed: boolean;
  /** What the run ran on, in short. */
  readonly machine: { readonly system: string; readonly guest: string };
  readonly environment: readonly EnvironmentRow[];
  /** The better guests that could not be had, each with the reason. */
  readonly passedOver: readonly { readonly guest: string; readonly reason: string }[];
  readonly claims: readonly ClaimRow[];
  /** All figures in the study's order; each stands in its step, too. */
  readonly figures: readonly FigureModel[];
  readonly experiments: readonly ExperimentModel[];
  /** Those of where the time went; they belong to no step. */
  readonly timeFigures: readonly FigureModel[];
  readonly timings: readonly Timing[];
  readonly imageFiles: readonly ImageRow[];
  readonly studyFiles: readonly { readonly path: string; readonly target: string }[];
}

export interface EnvironmentRow {
  readonly what: string;
  /** null: the paper does not state it. */
  readonly paper: string | null;
  readonly run: string;
  /** The paper states it, and this run had another. */
  readonly differs: boolean;
}

interface ImageRow {
  readonly file: string;
  readonly sha256: string | null;
  readonly bytes: number | null;
  readonly check: string;
}

export interface Timing {
  readonly part: string;
  /** Of the part `experiment`. */
  readonly experiment: string | null;
  readonly seconds: number;
}

export interface ExperimentModel {
  readonly experiment: Experiment;
  readonly heading: string;
  readonly asked: boolean;
  readonly journal: string | null;
  readonly recording: RecordingModel | null;
  readonly steps: readonly StepModel[];
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
  /** Empty: it did not run. */
  readonly commands: readonly ShownCommand[];
  readonly commandNotes: readonly CommandNote[];
  readonly figures: readonly FigureModel[];
  /** The commands by which the network was observed after the step. */
  readonly observation: readonly ShownCommand[];
}

export interface FigureModel {
  readonly figure: Figure;
  readonly drawing: ReportFigure;
  readonly comparison: FigureComparison;
  /** The claims that it shows. */
  readonly claims: readonly ClaimRow[];
}

interface CommandNote {
  readonly run: string;
  readonly origin: Origin;
  readonly printed: string | null;
  readonly mended: Prose | null;
}

export async function makeModel(findings: Findings, language: Language, t: Translate): Promise<ReportModel> {
  const { evidence } = findings;
  const { study, files } = evidence.loaded;
  const summary = summarize(findings, t);
  const claims = claimRows(findings);
  const drawer = new FigureDrawer(findings, language, t);
  const maker = {
    findings,
    figures: figuresByStep(evidence.loaded),
    drawer,
    claims,
    captured: capturedCommands(findings),
    shownBytes: shownLimit(outputsOf(evidence)),
    language,
    t,
  };
  const experiments = await oneByOne(study.experiments, (experiment) => experimentModel(experiment, maker));
  const timeFigures = await oneByOne(
    study.figures.filter(({ time }) => time !== undefined),
    (figure) => figureModel(figure, maker),
  );
  const figures = [...experiments.flatMap(({ steps }) => steps.flatMap((step) => step.figures)), ...timeFigures];
  return {
    summary,
    study,
    language,
    partialReason: evidence.record.reason,
    standIn: summary.release.found !== null && !summary.release.matches,
    releaseUnknown: summary.release.found === null,
    borrowed: wasBorrowed(evidence.record),
    machine: {
      system: summary.release.found ?? t('unknown'),
      guest: evidence.record.guest?.provider ?? t('unknown'),
    },
    environment: environmentRows(evidence, summary, t),
    passedOver: evidence.record.choice.passedOver,
    claims,
    figures: study.figures.flatMap((figure) => figures.find((model) => model.figure === figure) ?? []),
    experiments,
    timeFigures,
    timings: timings(evidence),
    imageFiles: imageRows(evidence, t),
    studyFiles: files.map(({ path }) => ({ path, target: `${layout.study}/${path}` })),
  };
}

/** Each after the one before it, for a terminal that is drawn takes some MB while it is. */
async function oneByOne<A, B>(list: readonly A[], make: (each: A, index: number) => Promise<B>): Promise<B[]> {
  const made: B[] = [];
  for (const [index, each] of list.entries()) made.push(await make(each, index));
  return made;
}

export function environmentRows(evidence: Evidence, { release }: Summary, t: Translate): EnvironmentRow[] {
  const facts = guestFacts(evidence);
  const unknown = t('unknown');
  const { guest, host, reconnections } = evidence.record;
  const commit = host.commit === null ? '' : ` (${host.commit.id.slice(0, 12)}${host.commit.dirty ? '+' : ''})`;
  const row = (key: string, run: string | null | undefined): EnvironmentRow => ({
    what: t(key),
    paper: null,
    run: run ?? unknown,
    differs: false,
  });
  const system = { ...row('fact-release', release.found), paper: release.wanted, differs: !release.matches };
  return [
    system,
    row('fact-kernel', facts.kernel),
    row('fact-iproute2', facts.iproute2),
    row('fact-iputils', facts.iputils),
    row('fact-sshd', facts.sshd),
    row('fact-cpu', facts.cpu),
    row('fact-guest', guest && `${guest.name}, ${guest.provider}`),
    ...(guest === null ? [] : [row('fact-start', t(`start-${guest.start}`))]),
    ...(reconnections === 0 ? [] : [row('fact-reconnections', String(reconnections))]),
    row('fact-host-key', hostKey(guest, t)),
    row('fact-host', `${host.system}, ${host.architecture}, Node ${host.node}, Refigure ${host.refigure}${commit}`),
  ];
}

function hostKey(guest: RunRecord['guest'], t: Translate): string | null {
  if (guest === null) return null;
  return t(`host-key-${guest.hostKeySource.replaceAll(' ', '-')}`, { fingerprint: guest.hostKeySha256 });
}

function imageRows({ record }: Evidence, t: Translate): ImageRow[] {
  return (record.guest?.image.files ?? []).map(({ file, sha256, bytes, check }) => ({
    file,
    sha256,
    bytes,
    check: t(`image-check-${check.replace(' ', '-')}`),
  }));
}

/** What the models of the experiments are made with. */
interface Maker {
  readonly findings: Findings;
  readonly figures: ReadonlyMap<string, readonly Figure[]>;
  readonly drawer: FigureDrawer;
  readonly claims: readonly ClaimRow[];
  readonly captured: ReadonlyMap<RecordedCommand, Captured>;
  /** How much is shown of each output. */
  readonly shownBytes: number;
  readonly language: Language;
  readonly t: Translate;
}

function capturedCommands({ evidence, decidingLines }: Findings): Map<RecordedCommand, Captured> {
  return new Map(
    [...evidence.captures.values()].flatMap(({ name, command }) => {
      const paths = { path: layout.capture(name), errorPath: layout.captureErrors(name) };
      return command === null
        ? []
        : [[command, { id: name, ...paths, deciding: decidingLines.get(name) ?? [] }] as const];
    }),
  );
}

async function experimentModel(experiment: Experiment, maker: Maker): Promise<ExperimentModel> {
  const { language, t } = maker;
  const { evidence } = maker.findings;
  return {
    experiment,
    heading: t('experiment-heading', { section: experiment.section, title: experiment.title[language] }),
    asked: evidence.record.study.experiments.includes(experiment.id),
    journal: evidence.journals.has(experiment.id) ? layout.journal(experiment.id) : null,
    recording: recordingModel(experiment, maker),
    steps: await oneByOne(experiment.steps, (step, index) => stepModel(step, index + 1, experiment, maker)),
  };
}

function recordingModel({ id }: Experiment, { findings }: Maker): RecordingModel | null {
  const path = layout.recording(id);
  const content = findings.recordings().get(path);
  if (content === undefined) return null;
  return { path, play: `asciinema play ${path}`, timed: findings.evidence.arrivals.has(id), content };
}

async function stepModel(step: Step, number: number, experiment: Experiment, maker: Maker): Promise<StepModel> {
  const { captured, shownBytes } = maker;
  const { evidence } = maker.findings;
  const journal = layout.journal(experiment.id);
  const show = (command: RecordedCommand): ShownCommand =>
    showCommand(command, { journal, captured: captured.get(command) ?? null, limit: shownBytes });
  const figures = maker.figures.get(keyOf(experiment.id, step)) ?? [];
  return {
    number,
    step,
    commands: commandsOf(evidence.journals.get(experiment.id), step.id).map(show),
    commandNotes: commandNotes(step),
    figures: await oneByOne(figures, (figure) => figureModel(figure, maker)),
    observation: (topologyProbes(evidence, { experiment, step }) ?? []).map(show),
  };
}

async function figureModel(figure: Figure, { findings, drawer, claims }: Maker): Promise<FigureModel> {
  return {
    figure,
    drawing: await drawer.draw(figure),
    comparison: compareFigure(
      figure,
      findings.figures.find((verdict) => verdict.figure === figure.id),
    ),
    claims: claims.filter(({ claim }) => claim.figure === figure.id),
  };
}

/** A figure stands after the last step that it shows something of: by experiment and step. */
function figuresByStep({ study, index }: LoadedStudy): Map<string, Figure[]> {
  const byStep = new Map<string, Figure[]>();
  for (const figure of study.figures) {
    const shown = new Set(namesInFigure(figure).map((name) => index.stepOf(name)));
    const last = index.steps.findLast((step) => shown.has(step));
    if (last === undefined) continue;
    const key = keyOf(last.experiment.id, last.step);
    byStep.set(key, [...(byStep.get(key) ?? []), figure]);
  }
  return byStep;
}

function keyOf(experiment: string, { id }: Step): string {
  return `${experiment}/${id}`;
}

/** The commands that differ from the step in origin, or from the paper in form. */
function commandNotes(step: Step): CommandNote[] {
  return (step.commands ?? []).flatMap(({ run, origin = step.origin, printed, mended }) => {
    if (origin === step.origin && printed === undefined && mended === undefined) return [];
    return [{ run, origin, printed: printed ?? null, mended: mended ?? null }];
  });
}

function timings({ record, journals }: Evidence): Timing[] {
  const total = record.timings.reduce((sum, { ms }) => sum + ms, 0) / 1000;
  const own = [...journals.values()].reduce((sum, journal) => sum + commandSeconds(journal), 0);
  const parts = record.timings.map(({ part, ms }) => {
    const experiment = /^experiment (.+)$/.exec(part)?.[1] ?? null;
    return { part: experiment === null ? part : 'experiment', experiment, seconds: ms / 1000 };
  });
  return [
    ...parts,
    { part: 'total', experiment: null, seconds: total },
    { part: 'commands', experiment: null, seconds: own },
  ];
}
