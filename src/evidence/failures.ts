import { endsAsExpected, expectedExits, failureOfScript, type Ending } from '../study/expected-exits.ts';
import { isCollectedId } from '../study/collect.ts';
import type { Exits } from '../study/schema.ts';
import type { IndexedStep } from '../study/study-index.ts';
import type { Journal, RecordedCommand } from './journal.ts';
import { commandsOf, type Evidence } from './open.ts';

/** A command that ended otherwise than the study expects. */
export interface Failure {
  readonly step: IndexedStep;
  readonly command: RecordedCommand;
  readonly ending: Ending;
  /**
   * What was expected; null: nothing of this command, but that its script ends with 0, and it was the last to run. Of a process
   * in the background: to be `ready` in time, or to be `running` until it is.
   */
  readonly expected: Exits | 'ping' | 'ready' | 'running' | null;
}

/** Every unexpected failure of a run, in the order in which they happened. */
export function failuresIn(evidence: Evidence): Failure[] {
  return evidence.loaded.index.steps.flatMap((step) => {
    const journal = evidence.journals.get(step.experiment.id);
    return journal === undefined ? [] : failuresOfStep(step, journal);
  });
}

function failuresOfStep(step: IndexedStep, journal: Journal): Failure[] {
  const commands = commandsOf(journal, step.step.id);
  const failures = commands.flatMap((command): Failure[] => {
    const unready = unreadiness(command);
    if (unready !== null) return [{ step, command, ...unready }];
    const expected = expectedExits(step, command.id);
    if (command.end === null || expected === null || endsAsExpected(expected, command.end)) return [];
    return [{ step, command, ending: command.end, expected }];
  });
  const last = commands.findLast(isOfProgram);
  const status = journal.steps.find((each) => each.purpose === 'study' && each.step === step.step.id)?.status;
  if (last?.end == null || status === undefined || failureOfScript(step, last, status) === null) return failures;
  return [...failures, { step, command: last, ending: { ...last.end, status }, expected: null }];
}

/** How a process in the background failed to become ready; null where it did, or where nothing was waited for. */
function unreadiness({ background, end }: RecordedCommand): Pick<Failure, 'ending' | 'expected'> | null {
  const how = background?.ready?.how ?? 'ready';
  if (how === 'ready') return null;
  return { ending: end ?? { status: 0, how: 'running' }, expected: how === 'late' ? 'ready' : 'running' };
}

/** Not what runs beside the program of its step, or behind it. */
function isOfProgram({ background, id }: RecordedCommand): boolean {
  return background === null && !isCollectedId(id);
}

/** Commands of the study that did not run though their step began, or though their experiment came to its end. */
export interface Omission {
  readonly step: IndexedStep;
  /** Their texts, in order. */
  readonly texts: readonly string[];
  /** The last command that ran in the step, with which its shell ended; null: none did. */
  readonly after: RecordedCommand | null;
}

/** Which commands never ran, in steps that did begin. */
export function omissionsIn({ loaded, journals }: Evidence): Omission[] {
  return loaded.index.steps.flatMap((step) => {
    const journal = journals.get(step.experiment.id);
    const isOver = journal?.steps.some((each) => each.purpose === 'study' && each.step === step.step.id) ?? false;
    if (journal === undefined || !isOver) return [];
    const ran = commandsOf(journal, step.step.id);
    const ids = new Set(ran.map(({ id }) => id));
    const commands = journal.format === 1 ? [] : (step.program?.commands ?? []);
    const texts = commands.flatMap(({ id, text }) => (ids.has(id) ? [] : [text]));
    return texts.length === 0 ? [] : [{ step, texts, after: ran.findLast(isOfProgram) ?? null }];
  });
}

/**
 * The first failure before each capture and topology, by its name: within its experiment, or in one that it builds on. What
 * was captured after a failure was not captured in the state that the study describes.
 */
export function failuresBefore(evidence: Evidence, failures: readonly Failure[]): ReadonlyMap<string, Failure> {
  const { captures, topologies, experiments } = evidence.loaded.index;
  const first = (step: IndexedStep, isBefore: (failure: Failure) => boolean): Failure | undefined =>
    inheritedFailure(step, experiments, failures) ??
    failures.find((failure) => {
      if (failure.step.experiment !== step.experiment) return false;
      return failure.step.number < step.number || (failure.step === step && isBefore(failure));
    });
  /** What a process in the background printed was printed until it was stopped. */
  const firstBeside = (beside: RecordedCommand, step: IndexedStep): Failure | undefined =>
    inheritedFailure(step, experiments, failures) ??
    failures.find(({ step: { experiment }, command }) => {
      const isBefore = command.startS < (beside.end?.uptimeS ?? Infinity);
      return experiment === step.experiment && command !== beside && isBefore;
    });
  const found = [
    ...[...captures.values()].map(({ name, step }) => {
      const command = evidence.captures.get(name)?.command ?? null;
      if (command?.background) return [name, firstBeside(command, step)] as const;
      const number = command?.number ?? Infinity;
      return [name, first(step, ({ command }) => command.number < number)] as const;
    }),
    ...[...topologies].map(([name, step]) => [name, first(step, () => true)] as const),
  ];
  return new Map(found.flatMap(([name, failure]) => (failure === undefined ? [] : [[name, failure] as const])));
}

/** A failure of the experiments that one builds on. */
function inheritedFailure(
  { experiment }: IndexedStep,
  experiments: ReadonlyMap<string, IndexedStep['experiment']>,
  failures: readonly Failure[],
): Failure | undefined {
  for (let id = experiment.after; id !== undefined; id = experiments.get(id)?.after) {
    const failure = failures.find(({ step }) => step.experiment.id === id);
    if (failure !== undefined) return failure;
  }
  return undefined;
}
