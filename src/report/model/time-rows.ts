import type { Observed } from '../../claim/observations.ts';
import type { Evidence } from '../../evidence/open.ts';
import type { Journal, RecordedCommand } from '../../evidence/journal.ts';
import type { RunRecord } from '../../evidence/run-record.ts';
import type { TimeRow } from '../../figure/plot/time.ts';
import type { Experiment } from '../../study/schema.ts';
import type { Language, Translate } from '../language.ts';
import { hasVirtualClock } from './timings.ts';

type MeasuredPart = RunRecord['timings'][number];

/**
 * Where the time of a run went, in s: its boot; of each step of the experiments its own commands (those pings apart that
 * got no answer, for they did nothing but wait for one), and the overhead between them, with the observation of the
 * network; then all the rest. The guest's clock tells the steps' times (resolution 10 ms), the host's all others. Where the
 * guest's clock is virtual it tells all times: the boot ends where the first journal begins, and there is no rest.
 */
export function timeRows(
  experiments: readonly Experiment[],
  { evidence, observed }: { readonly evidence: Evidence; readonly observed: ReadonlyMap<string, Observed> },
  language: Language,
  t: Translate,
): TimeRow[] {
  const waiting = unanswered(evidence, observed);
  const steps = together(
    experiments.flatMap(({ id, section, steps: all, cell }) => {
      const journal = evidence.journals.get(id);
      if (journal === undefined) return [];
      return all.map((step, index) => ({
        label: `${section ?? cell?.of ?? id} ${index + 1}) ${step.title[language]}`,
        parts: partsOf(step.id, journal, waiting),
      }));
    }),
  );
  if (steps.length === 0) return [];
  if (hasVirtualClock(evidence)) return [bootRow(t('timing-guest-boot'), guestBootSeconds(evidence)), ...steps];
  const bootS = secondsOf(evidence, ({ part }) => part === 'boot');
  const told = steps.flatMap(({ parts }) => parts).reduce((sum, { seconds }) => sum + seconds, 0);
  const isUntold = (timing: MeasuredPart): boolean =>
    timing.part === 'experiment' && !experiments.some(({ id }) => id === timing.experiment);
  const rest = Math.max(0, secondsOf(evidence, (timing) => !isUntold(timing)) - bootS - told);
  return [
    bootRow(t('timing-boot'), bootS),
    ...steps,
    { label: t('timing-rest'), parts: [{ kind: 'overhead', seconds: rest }] },
  ];
}

/** The cells of an experiment have the same steps: one row has the time of all of them, and says how many they are. */
function together(rows: readonly TimeRow[]): TimeRow[] {
  const groups = new Map<string, TimeRow[]>();
  for (const row of rows) groups.set(row.label, [...(groups.get(row.label) ?? []), row]);
  return [...groups].flatMap(([label, [first, ...others]]): TimeRow[] => {
    if (first === undefined) return [];
    if (others.length === 0) return [first];
    const parts = first.parts.map(({ kind, seconds }, index) => ({
      kind,
      seconds: others.reduce((sum, row) => sum + (row.parts[index]?.seconds ?? 0), seconds),
    }));
    return [{ label: `${label} × ${others.length + 1}`, parts }];
  });
}

function bootRow(label: string, seconds: number): TimeRow {
  return { label, parts: [{ kind: 'boot', seconds }] };
}

/** Of the host. */
function secondsOf({ record }: Evidence, isMeant: (timing: MeasuredPart) => boolean): number {
  return record.timings.filter(isMeant).reduce((sum, { ms }) => sum + ms, 0) / 1000;
}

/** From the first instruction to the first journal. */
function guestBootSeconds({ journals }: Evidence): number {
  const begun = [...journals.values()].flatMap(({ clock }) => (clock === null ? [] : [clock.uptimeS]));
  return begun.length === 0 ? 0 : Math.min(...begun);
}

/** Pings that got no answer at all: all of their commands' time was spent waiting for one. */
function unanswered(evidence: Evidence, observed: ReadonlyMap<string, Observed>): ReadonlySet<RecordedCommand> {
  return new Set(
    [...evidence.captures.values()].flatMap(({ name, command }) => {
      const found = observed.get(name);
      const isWaiting =
        found?.state === 'capture' && found.observation.kind === 'ping' && found.observation.received === 0;
      return command !== null && isWaiting ? [command] : [];
    }),
  );
}

function partsOf(step: string, { commands, clock }: Journal, waiting: ReadonlySet<RecordedCommand>): TimeRow['parts'] {
  const seconds = { commands: 0, waiting: 0, overhead: 0 };
  let lastS = clock?.uptimeS ?? commands[0]?.startS ?? 0;
  for (const command of commands) {
    if (command.background !== null) continue; // it takes no time of its own: others run beside it
    const { startS, end } = command;
    const endS = end?.uptimeS ?? startS;
    const isOfStep = command.step === step;
    if (isOfStep && command.purpose === 'study') {
      seconds[waiting.has(command) ? 'waiting' : 'commands'] += endS - startS;
      seconds.overhead += startS - lastS;
    } else if (isOfStep) seconds.overhead += endS - lastS;
    lastS = endS;
  }
  return (['commands', 'waiting', 'overhead'] as const).map((kind) => ({ kind, seconds: Math.max(0, seconds[kind]) }));
}
