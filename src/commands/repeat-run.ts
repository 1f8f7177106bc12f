import { join } from 'node:path';
import type { GuestClock } from '../core/guest.ts';
import { exitStatus } from '../core/errors.ts';
import { jsonLine, stdout } from '../core/terminal.ts';
import { findingsOf } from '../comparison/findings.ts';
import type { VerdictState } from '../claim/judge.ts';
import { openRun } from '../evidence/open.ts';
import { chooseReporters, processContext } from '../reporter/reporters.ts';
import type { Interrupts } from './interrupts.ts';
import { rerun } from './rerun.ts';
import type { RunCommandOptions } from './run-options.ts';
import { tellRun } from './told-run.ts';

/** One of several runs of a study. */
interface Repetition {
  readonly folder: string;
  /** null: its clock was real. */
  readonly seed: number | null;
  readonly verdicts: ReadonlyMap<string, VerdictState>;
}

/**
 * Runs a study several times, each time into a folder of its own, and says how far the runs agree. By a virtual clock each has
 * the seed after that of the run before. The status is 0 where every claim of every run is upheld.
 */
export async function repeatRun(
  path: string,
  { repeatEach: number = 1, ...options }: RunCommandOptions,
  interrupts: Interrupts,
): Promise<number> {
  const runs: Repetition[] = [];
  let status: number = exitStatus.upheld;
  for (let index = 0; index < number; index++) {
    const before = runs[0]?.seed ?? null;
    const { run, result } = await repeatOnce(
      path,
      {
        ...options,
        ...(options.out !== undefined && { out: join(options.out, String(index + 1)) }),
        ...(before !== null && { seed: before + index }),
      },
      interrupts,
    );
    runs.push(run);
    status = Math.max(status, result);
  }
  const names = chooseReporters(options, processContext());
  if (names.includes('json')) stdout.write(jsonLine(repetitionsJson(runs)));
  else if (!names.every((name) => name === 'quiet')) stdout.write(repetitionsText(runs));
  return status;
}

async function repeatOnce(
  path: string,
  options: RunCommandOptions,
  interrupts: Interrupts,
): Promise<{ run: Repetition; result: number }> {
  let folder = '';
  const clocks: GuestClock[] = [];
  const result = await tellRun(options, interrupts, (around) => {
    around.events.listen((event) => {
      if (event.kind === 'run-start') ({ folder } = event);
      if (event.kind === 'guest-ready') clocks.push(event.guest.clock);
    });
    return rerun(path, options, around);
  });
  const { verdicts } = findingsOf(await openRun(folder));
  const examined = verdicts.filter(({ reason }) => reason?.kind !== 'not-run');
  const clock = clocks.at(-1);
  const seed = clock?.kind === 'virtual' ? clock.seed : null;
  return { run: { folder, seed, verdicts: new Map(examined.map(({ claim, state }) => [claim, state])) }, result };
}

interface Agreement {
  readonly claim: string;
  readonly counts: Readonly<Record<VerdictState, number>>;
  /** Whether the verdict is the same in all runs. */
  readonly agrees: boolean;
}

function agreements(runs: readonly Repetition[]): Agreement[] {
  return [...(runs[0]?.verdicts.keys() ?? [])].map((claim) => {
    const counts = { upheld: 0, refuted: 0, undecided: 0, skipped: 0 };
    for (const { verdicts } of runs) counts[verdicts.get(claim) ?? 'undecided'] += 1;
    return { claim, counts, agrees: Object.values(counts).includes(runs.length) };
  });
}

function repetitionsText(runs: readonly Repetition[]): string {
  const claims = agreements(runs);
  const same = claims.filter(({ agrees }) => agrees).length;
  const others = claims
    .filter(({ agrees }) => !agrees)
    .map(({ claim, counts }) => {
      const told = (['upheld', 'refuted', 'undecided', 'skipped'] as const).filter((state) => counts[state] > 0);
      return `${claim}: ${told.map((state) => `${state} in ${counts[state]}`).join(', ')}`;
    });
  const lines = [
    `${runs.length} runs${seedsText(runs)}: ${same} of ${claims.length} claims came out the same in all of them.`,
    ...others,
    ...runs.map(({ folder }) => `Run: ${folder}`),
  ];
  return `${lines.join('\n')}\n`;
}

function seedsText(runs: readonly Repetition[]): string {
  const [first, last] = [runs[0]?.seed ?? null, runs.at(-1)?.seed ?? null];
  if (first === null || last === null) return ' in real time';
  return first === last ? ` (seed ${first})` : ` (seeds ${first} to ${last})`;
}

function repetitionsJson(runs: readonly Repetition[]): unknown {
  return {
    kind: 'repetitions',
    format: 1,
    runs: runs.map(({ folder, seed }) => ({ folder, seed })),
    claims: agreements(runs),
  };
}
