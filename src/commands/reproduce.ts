import { join } from 'node:path';
import { compareBytes, type Reproduction } from '../audit/reproduction.ts';
import { machineDifferences, type RecordedGuest } from '../audit/same-machine.ts';
import { verifyEvidence } from '../audit/verify-evidence.ts';
import { findingsOf } from '../comparison/findings.ts';
import { EvidenceError, exitStatus, HostError } from '../core/errors.ts';
import { stderr, stdout } from '../core/terminal.ts';
import { lineOnTerminal } from '../core/terminal-text.ts';
import { layout } from '../evidence/layout.ts';
import { openRun, type Evidence } from '../evidence/open.ts';
import { ProviderRegistry } from '../provider/registry.ts';
import { renderDiff, type RenderedDiff } from '../report/markdown/diff.ts';
import { chooseReporters, processContext, type ReporterOptions } from '../reporter/reporters.ts';
import type { ToldEvent } from '../run/events.ts';
import type { RunRecord } from '../evidence/run-record.ts';
import { placeText, select, type Wanted } from '../run/selection.ts';
import type { LoadedStudy } from '../study/load.ts';
import type { Interrupts } from './interrupts.ts';
import { notTheMachine, requireMachineHere } from './machine-here.ts';
import { reproductionJson, reproductionText } from './reproduction-text.ts';
import { rerun, type Surroundings } from './rerun.ts';
import type { RunCommandOptions } from './run-options.ts';
import { tellRun } from './told-run.ts';

/** The options of `refigure reproduce`, as the command line has them. */
export interface ReproduceOptions extends ReporterOptions {
  /** Where the run's own guest has no name here: a machine of the user's. */
  readonly guest?: string;
  readonly catalogue?: string;
  readonly out?: string;
  readonly cold?: true;
}

/** A run that was run again, and how the two compare. */
export type Comparison = {
  readonly recorded: Evidence;
  readonly again: Evidence;
  /** Of the new run, as the user named it. */
  readonly folder: string;
} & (
  | { readonly clock: 'virtual'; readonly reproduction: Reproduction }
  /** No two runs in real time have the same bytes. */
  | { readonly clock: 'real'; readonly diff: RenderedDiff }
);

/** `refigure reproduce`: what comes of it is told last, behind whatever the reporters tell of the run. */
export async function reproduceCommand(
  path: string,
  options: ReproduceOptions,
  interrupts: Interrupts,
): Promise<number> {
  const compared: Comparison[] = [];
  const status = await tellRun(options, interrupts, async (around) => {
    const comparison = await reproduce(path, options, around);
    compared.push(comparison);
    return differs(comparison) ? exitStatus.notUpheld : exitStatus.upheld;
  });
  const isJson = chooseReporters(options, processContext()).includes('json');
  for (const comparison of compared) {
    if (isJson) process.stdout.write(reproductionJson(comparison));
    else stdout.write(reproductionText(path, comparison));
  }
  return status;
}

export function differs(comparison: Comparison): boolean {
  return comparison.clock === 'real' ? comparison.diff.differs : comparison.reproduction.difference !== null;
}

/** With what a run is run again. */
export interface Means {
  /** Runs a study to its end and its report, and tells how it goes. */
  readonly run: (path: string, options: RunCommandOptions, around: Surroundings) => Promise<unknown>;
  /** Says a line to the user, before the run. */
  readonly say: (line: string) => void;
}

const ownMeans: Means = { run: rerun, say: (line) => stderr.write(`${line}\n`) };

/**
 * Checks a saved run, boots the machine that it names, runs the study that it holds, and compares the two runs. Rejects
 * with EvidenceError where there is no whole and sound run, with HostError where this host lacks the machine.
 */
export async function reproduce(
  path: string,
  options: ReproduceOptions,
  around: Surroundings,
  { run, say }: Means = ownMeans,
): Promise<Comparison> {
  around.interrupts.during = 'the check of the run';
  const { evidence, guest } = await readWholeRun(path);
  const { clock } = guest;
  await requireMachineHere(guest);
  if (clock.kind === 'real') say(realTimeNote);

  const folders: string[] = [];
  around.events.listen((event) => {
    if (event.kind === 'run-end') folders.push(event.folder);
  });
  around.events.listen(refuseOtherMachine(guest));
  const { study } = evidence.record;
  const selected = selectionOf(evidence.loaded, study);
  const { out, catalogue, cold, reporter, json, quiet } = options;
  const given = { out, catalogue, cold, reporter, json, quiet, ...selected };
  await run(
    join(path, layout.study, study.file),
    {
      ...onlyGiven(given),
      guest: options.guest ?? (await knownGuest(guest.name, catalogue)),
      clock: clock.kind,
      ...(clock.kind === 'virtual' && { seed: clock.seed }),
    },
    around,
  );
  const [folder] = folders;
  if (folder === undefined) throw new Error('a run that came to its end has told its folder');
  return compare(evidence, path, folder, clock.kind);
}

const realTimeNote =
  'The clock of this run is real time, so the run cannot be reproduced to the byte. The study is run again, and the two ' +
  'runs are compared as `refigure diff` compares them.';

/** The evidence of a run, whose report is not looked at: another version of Refigure may word it otherwise. */
async function readWholeRun(path: string): Promise<{ evidence: Evidence; guest: RecordedGuest }> {
  const audit = await verifyEvidence(path);
  if (audit.state === 'off') {
    throw new EvidenceError(
      lineOnTerminal(
        `The run ${path} is not sound, so there is nothing to compare with: ${audit.file}: ${audit.what}.`,
      ),
      'Get the folder again from whoever made it.',
    );
  }
  const { evidence } = audit;
  if (evidence.judged !== null) {
    throw new EvidenceError(
      `${path} was judged by another study than ran, so to run its study would be another experiment.`,
      lineOnTerminal(`Name the run itself: it began at ${evidence.judged.startedAt}.`),
    );
  }
  const { state, guest } = evidence.record;
  if (state === 'partial' || guest === null) {
    throw new EvidenceError(
      `The run ${path} is partial, so another run of the study would go further than it did.`,
      'Name a run that came to its end; `refigure run` on its study makes one.',
    );
  }
  return { evidence, guest };
}

/**
 * The name in a record, if it is one that anybody has. What names a machine by an address or a file is never taken from a
 * record: it may be a stranger's.
 */
async function knownGuest(name: string, catalogue: string | undefined): Promise<string> {
  const known = await (await ProviderRegistry.load(catalogue)).all();
  if (known.some((provider) => provider.name === name)) return name;
  throw new HostError(
    `The guest of the run, ${JSON.stringify(name)}, is a machine of its user's: it is not here by that name.`,
    'Name your own one with --guest: ssh://user@host, or the file of a machine; or the catalogue that has it with --catalogue.',
  );
}

/** What `--only` and `--until` said. */
function selectionOf({ study }: LoadedStudy, { experiments, until }: RunRecord['study']): Wanted {
  const wanted = {
    ...(experiments.length < study.experiments.length && { only: experiments }),
    ...(until !== undefined && { until: placeText(until) }),
  };
  const chosen = select(study, { only: experiments, until: wanted.until }).experiments.map(({ id }) => id);
  if (chosen.join() === experiments.join()) return wanted;
  throw new EvidenceError(
    lineOnTerminal(`No choice of experiments gives those of the run: ${experiments.join(', ')}.`),
    'Use the version of Refigure that run.json names.',
  );
}

/** Ends the run before its first step where another machine was booted: that is known for certain only then. */
function refuseOtherMachine(recorded: RecordedGuest): (event: ToldEvent) => void {
  let differences: readonly string[] = [];
  return (event) => {
    if (event.kind === 'guest-ready') differences = machineDifferences(recorded, event.guest);
    // Not at once: the record of the run is to have the guest, too.
    if (event.kind !== 'part-start' || differences.length === 0) return;
    const found = differences;
    differences = [];
    throw notTheMachine(found);
  };
}

async function compare(
  recorded: Evidence,
  path: string,
  folder: string,
  clock: Comparison['clock'],
): Promise<Comparison> {
  const again = await openRun(folder);
  if (clock === 'virtual') {
    return { recorded, again, folder, clock, reproduction: await compareBytes(recorded, path, folder) };
  }
  const [a, b] = [
    { name: path, findings: findingsOf(recorded) },
    { name: folder, findings: findingsOf(again) },
  ];
  return { recorded, again, folder, clock, diff: renderDiff(a, b, 'en') };
}

type Given<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

/** Without what was not said. */
function onlyGiven<T extends object>(options: T): Given<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Given<T>;
}
