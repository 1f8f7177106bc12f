import { judge, type Verdict } from '../claim/judge.ts';
import { observeRun } from '../claim/observations.ts';
import { commandSeconds, guestFacts } from '../evidence/facts.ts';
import { layout } from '../evidence/layout.ts';
import { commandsOf, topologyCommands, type Evidence } from '../evidence/open.ts';
import type { RunRecord } from '../evidence/run-record.ts';
import { isRecorded } from '../recording/recording.ts';
import type { Experiment, Figure, Prose, Step, Study } from '../study/schema.ts';
import { claimRows, type ClaimRow } from './claim-rows.ts';
import { FigureDrawer, type ReportFigure } from './figures.ts';
import type { Language, Translate } from './language.ts';
import { codeSpan, tableCell } from './markdown.ts';
import { summarize, type Summary } from './summary.ts';
import { transcript } from './transcript.ts';

/** Everything that the template shows, and nothing that it would have to work out. */
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
  readonly experiments: readonly ExperimentModel[];
  readonly timings: readonly { readonly part: string; readonly seconds: string }[];
  readonly imageFiles: readonly ImageRow[];
  readonly studyFiles: readonly { readonly path: string; readonly target: string }[];
}

interface EnvironmentRow {
  readonly what: string;
  readonly paper: string;
  readonly run: string;
}

interface ImageRow {
  readonly file: string;
  readonly sha256: string;
  readonly bytes: string;
  readonly check: string;
}

interface ExperimentModel {
  readonly experiment: Experiment;
  readonly heading: string;
  readonly asked: boolean;
  readonly journal: string | null;
  readonly recording: RecordingModel | null;
  readonly steps: readonly StepModel[];
}

interface RecordingModel {
  readonly path: string;
  /** The command line that plays it. */
  readonly play: string;
  /** Whether it is known when each output arrived, and not only when its command ended. */
  readonly timed: boolean;
}

interface StepModel {
  readonly number: number;
  readonly step: Step;
  readonly ran: boolean;
  readonly transcript: string | null;
  readonly commandNotes: readonly CommandNote[];
  readonly figures: readonly { readonly figure: Figure; readonly drawing: ReportFigure }[];
  /** The commands by which the network was observed after the step. */
  readonly observation: string | null;
}

interface CommandNote {
  readonly run: string;
  readonly origin: string;
  readonly printed: string | null;
  readonly mended: string | null;
}

export async function makeModel(evidence: Evidence, language: Language, t: Translate): Promise<ReportModel> {
  const { study, files } = evidence.loaded;
  const observed = observeRun(evidence);
  const verdicts: Verdict[] = judge(evidence, observed);
  const summary = summarize(evidence, verdicts, t);
  const drawer = new FigureDrawer(evidence, observed, verdicts, language, t);
  return {
    summary,
    study,
    language,
    partialReason: evidence.record.reason,
    standIn: summary.release.found !== null && !summary.release.matches,
    releaseUnknown: summary.release.found === null,
    borrowed: evidence.record.guest?.start === 'borrowed',
    machine: {
      system: summary.release.found ?? t('unknown'),
      guest: evidence.record.guest?.provider ?? t('unknown'),
    },
    environment: environmentRows(evidence, t),
    passedOver: evidence.record.choice.passedOver,
    claims: claimRows(evidence, verdicts, language, t),
    experiments: await Promise.all(
      study.experiments.map((experiment) => experimentModel(experiment, evidence, drawer, language, t)),
    ),
    timings: timings(evidence, t),
    imageFiles: imageRows(evidence, t),
    studyFiles: files.map(({ path }) => ({ path, target: `${layout.study}/${path}` })),
  };
}

function environmentRows({ loaded, record, ...rest }: Evidence, t: Translate): EnvironmentRow[] {
  const facts = guestFacts({ loaded, record, ...rest });
  const unknown = t('unknown');
  const notStated = t('not-stated');
  const { guest, host } = record;
  const commit = host.commit === null ? '' : ` (${host.commit.id.slice(0, 12)}${host.commit.dirty ? '+' : ''})`;
  const row = (key: string, run: string | null | undefined, paper = notStated): EnvironmentRow => ({
    what: t(key),
    paper,
    run: run ?? unknown,
  });
  return [
    row('fact-release', facts.release ?? facts.system, loaded.study.environment.release),
    row('fact-kernel', facts.kernel),
    row('fact-iproute2', facts.iproute2),
    row('fact-iputils', facts.iputils),
    row('fact-sshd', facts.sshd),
    row('fact-cpu', facts.cpu),
    row('fact-guest', guest && `${guest.name}, ${guest.provider}`),
    ...(guest === null ? [] : [row('fact-start', t(`start-${guest.start}`))]),
    ...(record.reconnections === 0 ? [] : [row('fact-reconnections', String(record.reconnections))]),
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
    sha256: sha256 === null ? t('unknown') : codeSpan(sha256),
    bytes: bytes === null ? t('unknown') : String(bytes),
    check: t(`image-check-${check.replace(' ', '-')}`),
  }));
}

async function experimentModel(
  experiment: Experiment,
  evidence: Evidence,
  drawer: FigureDrawer,
  language: Language,
  t: Translate,
): Promise<ExperimentModel> {
  const journal = evidence.journals.get(experiment.id);
  const recording = layout.recording(experiment.id);
  return {
    experiment,
    heading: t('experiment-heading', { section: experiment.section, title: experiment.title[language] }),
    asked: evidence.record.study.experiments.includes(experiment.id),
    journal: journal === undefined ? null : layout.journal(experiment.id),
    recording:
      journal !== undefined && isRecorded(experiment, journal)
        ? { path: recording, play: `asciinema play ${recording}`, timed: evidence.arrivals.has(experiment.id) }
        : null,
    steps: await Promise.all(
      experiment.steps.map((step, index) => stepModel(step, index + 1, experiment, evidence, drawer, language, t)),
    ),
  };
}

async function stepModel(
  step: Step,
  number: number,
  experiment: Experiment,
  evidence: Evidence,
  drawer: FigureDrawer,
  language: Language,
  t: Translate,
): Promise<StepModel> {
  const { prompt } = evidence.loaded.study.environment;
  const more = (bytes: number): string => t('more-bytes', { bytes });
  const commands = commandsOf(evidence.journals.get(experiment.id), step.id);
  const observation = topologyCommands(evidence, experiment.id, step.id);
  const figures = figuresAfter(step, experiment, evidence.loaded.study);
  return {
    number,
    step,
    ran: commands.length > 0,
    transcript: commands.length === 0 ? null : transcript(prompt, commands, more),
    commandNotes: commandNotes(step, language, t),
    figures: await Promise.all(figures.map(async (figure) => ({ figure, drawing: await drawer.draw(figure) }))),
    observation: observation === null ? null : transcript(prompt, observation, more),
  };
}

/** A figure stands after the last step that it shows something of. */
function figuresAfter(step: Step, experiment: Experiment, study: Study): Figure[] {
  const order = study.experiments.flatMap(({ id, steps }) =>
    steps.map((candidate) => ({ key: `${id}/${candidate.id}`, names: namesIn(candidate) })),
  );
  return study.figures.filter((figure) => {
    const shown = [figure.topology, ...(figure.terminal ?? []), ...(figure.routeTable ?? [])];
    const last = order.findLast(({ names }) => names.some((name) => shown.includes(name)));
    return last?.key === `${experiment.id}/${step.id}`;
  });
}

function namesIn(step: Step): string[] {
  const captures = (step.commands ?? []).flatMap(({ capture }) => capture ?? []);
  return step.topology === undefined ? captures : [...captures, step.topology];
}

/** The commands that differ from the step in origin, or from the paper in form. */
function commandNotes(step: Step, language: Language, t: Translate): CommandNote[] {
  const say = (prose: Prose | undefined): string | null => (prose === undefined ? null : tableCell(prose[language]));
  return (step.commands ?? []).flatMap(({ run, origin, printed, mended }) => {
    if ((origin === undefined || origin === step.origin) && printed === undefined && mended === undefined) return [];
    const shownOrigin = t(`origin-${origin ?? step.origin}`);
    return [{ run, origin: shownOrigin, printed: printed ?? null, mended: say(mended) }];
  });
}

function timings(evidence: Evidence, t: Translate): { part: string; seconds: string }[] {
  const { record } = evidence;
  const seconds = (value: number): string => value.toFixed(2);
  const total = record.timings.reduce((sum, { ms }) => sum + ms, 0) / 1000;
  const own = [...evidence.journals.values()].reduce((sum, journal) => sum + commandSeconds(journal), 0);
  return [
    ...record.timings.map(({ part, ms }) => ({ part: partName(part, t), seconds: seconds(ms / 1000) })),
    { part: t('timing-total'), seconds: seconds(total) },
    { part: t('timing-commands'), seconds: seconds(own) },
  ];
}

function partName(part: string, t: Translate): string {
  const experiment = /^experiment (.+)$/.exec(part)?.[1];
  return experiment === undefined ? t(`timing-${part}`) : t('timing-experiment', { experiment: codeSpan(experiment) });
}
