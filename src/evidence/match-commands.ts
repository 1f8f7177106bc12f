import { isBackgroundId } from '../study/background.ts';
import type { IndexedStep } from '../study/study-index.ts';
import type { Journal, RecordedCommand } from './journal.ts';

/** Why a command of a study that is not the one that ran has no output among those of the run. */
export type Mismatch =
  /** At its place in the step another command ran. */
  | { readonly kind: 'other-command'; readonly ran: string }
  /** It ran so often in the step, which is not as often as it stands there: which of them is meant can't be told. */
  | { readonly kind: 'ambiguous'; readonly times: number }
  /** It is a script that runs as one command, and the script is not the one that ran. */
  | { readonly kind: 'other-script'; readonly script: string };

/** The journal of an experiment, whose commands a study other than the one that ran names. */
export interface MatchedJournal {
  readonly journal: Journal;
  /** The steps whose commands are not those that ran, in order. */
  readonly steps: readonly string[];
  /** By step and the command's id in it, as `mismatchKey` puts them together. */
  readonly mismatches: ReadonlyMap<string, Mismatch>;
}

export function mismatchKey({ experiment, step }: IndexedStep, id: string): string {
  return `${experiment.id}/${step.id}/${id}`;
}

/**
 * Says of each recorded command which one of these steps it is: within a step by its text alone, for what another text
 * prints is another output. `changed`: the files of the study that are not as they ran.
 */
export function matchCommands(
  journal: Journal,
  steps: readonly IndexedStep[],
  changed: ReadonlySet<string>,
): MatchedJournal {
  const ids = new Map<RecordedCommand, string>();
  const mismatches = new Map<string, Mismatch>();
  const differing: string[] = [];
  for (const step of steps) {
    const ran = journal.commands.filter(({ purpose, step: of }) => purpose === 'study' && of === step.step.id);
    const named = namedCommands(step);
    const script = changedScript(step, changed);
    const pairs = script === null ? pairByText(named, ran) : new Map<Named, RecordedCommand>();
    for (const [{ id }, command] of pairs) ids.set(command, id);
    const left = ran.filter((command) => !ids.has(command));
    const explain = script === null ? explainerOf(ran, left) : (): Mismatch => ({ kind: 'other-script', script });
    for (const each of named.filter((command) => !pairs.has(command))) {
      const mismatch = explain(each);
      if (mismatch !== null) mismatches.set(mismatchKey(step, each.id), mismatch);
    }
    const isAsRan = ran.every(({ text }, index) => text === named[index]?.text);
    if (script !== null || !isAsRan) differing.push(step.step.id);
  }
  const commands = journal.commands.map((command) =>
    command.purpose === 'study' ? { ...command, id: ids.get(command) ?? null } : command,
  );
  return { journal: { ...journal, commands }, steps: differing, mismatches };
}

interface Named {
  readonly id: string;
  readonly text: string;
}

/**
 * All that a step runs, in order: what it starts in the background, its program, the files that are collected; the last are
 * behind it as is what the study says of commands that its script may not have.
 */
function namedCommands({ program, commands }: IndexedStep): Named[] {
  const background = commands.flatMap(({ id, command }) =>
    id !== null && isBackgroundId(id) ? [{ id, text: command.run }] : [],
  );
  const run = [...background, ...(program?.commands ?? [])];
  const known = new Set(run.map(({ id }) => id));
  const others = commands.flatMap(({ id, command }) =>
    id === null || known.has(id) ? [] : [{ id, text: command.run }],
  );
  return [...run, ...others];
}

/** Of a script that runs as one command the text says only how it is run. */
function changedScript({ step, program }: IndexedStep, changed: ReadonlySet<string>): string | null {
  if (step.script === undefined || program?.traced.kind !== 'whole') return null;
  return changed.has(step.script) ? step.script : null;
}

/**
 * The commands before the first difference are those that ran, in the same state. Behind it a text that stands there as often
 * as it ran is taken for the same command.
 */
function pairByText(named: readonly Named[], ran: readonly RecordedCommand[]): Map<Named, RecordedCommand> {
  const pairs = new Map<Named, RecordedCommand>();
  let same = 0;
  for (; same < Math.min(named.length, ran.length); same++) {
    const [one, other] = [named[same], ran[same]];
    if (one === undefined || other === undefined || one.text !== other.text) break;
    pairs.set(one, other);
  }
  const [ranByText, namedByText] = [byText(ran.slice(same)), byText(named.slice(same))];
  for (const [text, commands] of namedByText) {
    const candidates = ranByText.get(text) ?? [];
    if (candidates.length !== commands.length) continue;
    for (const [index, command] of commands.entries()) {
      const candidate = candidates[index];
      if (candidate !== undefined) pairs.set(command, candidate);
    }
  }
  return pairs;
}

function byText<T extends { readonly text: string }>(commands: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const command of commands) {
    const group = groups.get(command.text) ?? [];
    group.push(command);
    groups.set(command.text, group);
  }
  return groups;
}

/** Says of a command that is none of those that ran why; null: nothing ran in its place. */
function explainerOf(
  ran: readonly RecordedCommand[],
  left: readonly RecordedCommand[],
): (command: Named) => Mismatch | null {
  const [ranByText, leftByText] = [byText(ran), byText(left)];
  const leftById = new Map(left.map((command) => [command.id, command]));
  return ({ id, text }) => {
    if (leftByText.has(text)) return { kind: 'ambiguous', times: ranByText.get(text)?.length ?? 0 };
    const there = leftById.get(id);
    return there === undefined ? null : { kind: 'other-command', ran: there.text };
  };
}
