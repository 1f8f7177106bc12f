import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { exitStatus, HostError, RefigureError, UsageError } from '../core/errors.ts';
import type { Provider } from '../core/provider.ts';
import { EvidenceWriter } from '../evidence/writer.ts';
import { anyGuest, ProviderRegistry } from '../provider/registry.ts';
// Not once it is needed: Ctrl-C at a terminal also ends the compiler by which a checkout loads its modules.
import { prepareReport, writeReport, type ReportResult } from '../report/write-report.ts';
import type { RunEvent } from '../run/events.ts';
import { readHostFacts } from '../run/host-facts.ts';
import type { GuestChoice } from '../run/boot.ts';
import { runStudy, type RunOutcome } from '../run/run-study.ts';
import { experimentsToRun } from '../run/selection.ts';
import { requireTerms } from '../run/terms.ts';
import type { Study } from '../study/schema.ts';
import { chooseBest, chooseNamed } from './choose-guest.ts';
import { loadCheckedStudy } from './checked-study.ts';
import { enterHelp, holdGuest, leftHelp } from './hold-guest.ts';
import type { Interrupts } from './interrupts.ts';
import { describeEvent } from './describe-event.ts';
import { makeProgress } from './progress/progress.ts';
import { makeVoice } from './voice.ts';

export interface RunCommandOptions {
  readonly guest: string;
  readonly catalogue?: string;
  readonly only?: string;
  readonly out?: string;
  readonly keep?: true;
  readonly cold?: true;
  readonly requireRelease?: true;
  readonly json?: true;
  readonly quiet?: true;
}

/** `refigure run`: everything is checked before the boot; then run, report, say where it is. */
export async function runCommand(path: string, options: RunCommandOptions, interrupts: Interrupts): Promise<number> {
  const host = readHostFacts();
  const loaded = await loadCheckedStudy(path);
  const experiments = experimentsToRun(loaded.study, options.only);
  const shown = options.out ?? newRunFolder(loaded.study.id);
  const folder = resolve(shown);
  const writer = new EvidenceWriter(folder);
  const choice = await choose(options, loaded.study, interrupts).catch((error: unknown) => {
    writer.discard(); // nothing has run
    throw error;
  });
  const progress = makeProgress(options, loaded.study, experiments);

  let prepared: Promise<void> | null = null;
  const notify = (event: RunEvent): void => {
    interrupts.during = describeEvent(event) ?? interrupts.during;
    progress.notify(event);
    // While the guest is busy. Earlier would hold up the first command; so what arrives just then is noted a little late.
    // Should it fail, that is told where the report is made.
    if (event.kind === 'step-end') {
      prepared ??= prepareReport(loaded.study).catch(() => undefined);
    }
  };
  const signal = interrupts.signal;
  const [keep, cold] = [options.keep === true, options.cold === true];
  let outcome: RunOutcome | null = null;
  try {
    outcome = await runStudy({ loaded, experiments, choice, writer, host, notify, signal, keep, cold });
    interrupts.during = 'the report';
    const report = await progress.report(() => writeReport(folder, ['en', 'zh']));
    await progress.end(outcome);
    progress.result(shown, report, outcome);
    await hold(outcome, options, interrupts);
    return finish(outcome, report, options, interrupts);
  } catch (error) {
    // Also where the evidence or the report could not be written: whatever draws the progress must end.
    await progress.end({ state: 'partial', error });
    if (outcome !== null) process.stderr.write(`The evidence is in ${shown}.\n`);
    throw error;
  } finally {
    if (outcome?.state === 'complete') await outcome.kept?.stop();
  }
}

/** Before the progress is drawn: there may be something to ask. */
async function choose(options: RunCommandOptions, study: Study, interrupts: Interrupts): Promise<GuestChoice> {
  interrupts.during = 'the choice of a guest';
  const demands = { keep: options.keep === true, cold: options.cold === true };
  const search = {
    requireTerms: (provider: Provider): void => {
      requireTerms(provider, study, demands);
    },
    voice: makeVoice(options),
    signal: interrupts.signal,
  };
  const registry = await ProviderRegistry.load(options.catalogue);
  if (options.guest === anyGuest) return chooseBest(await registry.all(), search);
  const provider = await registry.named(options.guest);
  interrupts.during = `the preparation of the guest ${provider.name}`;
  return chooseNamed(provider, search);
}

/** `--keep`: a guest that cannot live without us is held until Ctrl-C; one that came before ends any guest. */
async function hold(outcome: RunOutcome, options: RunCommandOptions, interrupts: Interrupts): Promise<void> {
  if (outcome.state !== 'complete' || outcome.kept === null || interrupts.signal.aborted) return;
  const { kept } = outcome;
  if (kept.leave !== undefined) {
    const left = await kept.leave();
    process.stdout.write(options.json ? `${JSON.stringify({ kind: 'kept', ...left })}\n` : leftHelp(left));
    return;
  }
  await holdGuest(kept, interrupts, (how) => {
    process.stdout.write(options.json ? `${JSON.stringify({ kind: 'kept', ...how })}\n` : enterHelp(how));
  });
}

/** The exit status, or the error that made the run partial. */
function finish(outcome: RunOutcome, report: ReportResult, options: RunCommandOptions, interrupts: Interrupts): number {
  if (outcome.state === 'partial') {
    if (outcome.error instanceof RefigureError) throw outcome.error;
    throw new HostError(`The run failed: ${String(outcome.error)}`, 'This is a defect of Refigure; please report it.', {
      cause: outcome.error,
    });
  }
  interrupts.signal.throwIfAborted();
  if (options.requireRelease && !report.summary.release.matches) {
    throw new HostError(
      `The guest is not ${report.summary.release.wanted}: ${report.summary.release.found ?? 'it does not say what it is'}.`,
      'Without --require-release, a run on a stand-in counts, and the report says so.',
    );
  }
  return report.summary.outcome === 'upheld' ? exitStatus.upheld : exitStatus.notUpheld;
}

/** `reports/<study>/<UTC time>`, with a number behind it where that exists. */
function newRunFolder(study: string): string {
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  for (let number = 1; number < 1000; number += 1) {
    const folder = join('reports', study, `${time}Z${number === 1 ? '' : `-${number}`}`);
    if (!existsSync(folder)) return folder;
  }
  throw new UsageError('No free folder for the run was found below reports/.', 'Name one with --out.');
}
