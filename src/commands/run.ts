import { join } from 'node:path';
import { defectHint, exitStatus, failureOf, HostError, messageOf, RefigureError } from '../core/errors.ts';
import type { Provider } from '../core/provider.ts';
import { withScope, type Scope } from '../core/scope.ts';
import { layout } from '../evidence/layout.ts';
import { anyGuest, ProviderRegistry } from '../provider/registry.ts';
// Not once it is needed: Ctrl-C at a terminal also ends the compiler by which a checkout loads its modules.
import { prepareReport, writeReport, type ReportResult } from '../report/write-report.ts';
import { chooseReporters, makeReporters, processContext, type ReporterOptions } from '../reporter/reporters.ts';
import { beginRun, type BegunRun } from '../run/begin-run.ts';
import { EventStream } from '../run/event-stream.ts';
import { readHostFacts } from '../run/host-facts.ts';
import { runStudy, type RunOutcome } from '../run/run-study.ts';
import { requireTerms } from '../run/terms.ts';
import { loadCheckedStudy } from './checked-study.ts';
import { chooseBest, chooseNamed, type Dialogue } from './choose-guest.ts';
import { askConsent, type Consent } from './consent.ts';
import { duringOf } from './during.ts';
import { keepGuest } from './hold-guest.ts';
import type { Interrupts } from './interrupts.ts';

export interface RunCommandOptions extends ReporterOptions {
  readonly guest: string;
  readonly catalogue?: string;
  readonly only?: string;
  readonly out?: string;
  readonly keep?: true;
  readonly cold?: true;
  readonly requireRelease?: true;
}

/** `refigure run`. Who tells of it hears how it ended, too; the error itself is the caller's. */
export async function runCommand(path: string, options: RunCommandOptions, interrupts: Interrupts): Promise<number> {
  const context = processContext();
  const names = chooseReporters(options, context);
  const reporters = await makeReporters(names, context);
  const events = new EventStream();
  const sealed: string[] = [];
  events.listen((event) => {
    interrupts.during = duringOf(event) ?? interrupts.during;
    if (event.kind === 'run-end') sealed.push(event.folder);
  });
  events.listen(reporters.hear);
  const consent = async (what: string): Promise<Consent> => {
    await reporters.settled(); // what is drawn must not run into the question
    const output = names.some((name) => name === 'list' || name === 'plain') ? process.stdout : process.stderr;
    return askConsent(what, output, interrupts.signal);
  };
  try {
    const status = await withScope((scope) => rerun(path, options, { events, consent, interrupts, scope }));
    events.tell({ kind: 'exit', status, failure: null });
    return status;
  } catch (thrown) {
    const error = await interrupts.causeOf(thrown);
    const failure = failureOf(error);
    events.tell({ kind: 'exit', status: failure.exitStatus, failure });
    await reporters.close();
    for (const folder of sealed) context.stderr.write(`The evidence is in ${folder}.\n`);
    throw error;
  } finally {
    await reporters.close();
  }
}

interface Surroundings {
  readonly events: EventStream;
  readonly consent: Dialogue['consent'];
  readonly interrupts: Interrupts;
  /** Owns what outlives the run: its folder while that is empty, a guest that is kept. */
  readonly scope: Scope;
}

/** Checks the study, the guest's name and the folder; then chooses a guest, runs, reports, and says how it came out. */
async function rerun(path: string, options: RunCommandOptions, around: Surroundings): Promise<number> {
  const { events, consent, interrupts, scope } = around;
  const { tell } = events;
  const { signal } = interrupts;
  const [keep, cold] = [options.keep === true, options.cold === true];

  const host = readHostFacts();
  const loaded = await loadCheckedStudy(path);
  const registry = await ProviderRegistry.load(options.catalogue);
  const wanted = options.guest === anyGuest ? null : await registry.named(options.guest);
  // Not what the user typed: the evidence names no machine of the user's.
  const asked = wanted?.name ?? anyGuest;
  const run = beginRun({ loaded, only: options.only, out: options.out, asked, host: await host, events, scope });

  const requireGranted = (provider: Provider): void => {
    requireTerms(provider, loaded.study, { keep, cold });
  };
  const search = { tell, consent, signal, requireTerms: requireGranted };
  const choice = wanted === null ? await chooseBest(await registry.all(), search) : await chooseNamed(wanted, search);

  prepareReportMeanwhile(run);
  const outcome = await runStudy(run, { choice, signal, keep, cold, keeper: scope });
  const report = await reportOn(run, outcome);
  if (outcome.state === 'complete' && outcome.kept !== null && !signal.aborted) {
    await keepGuest(outcome.kept, interrupts, tell);
  }
  return statusOf(outcome, report, options, signal);
}

/**
 * Loads what the report needs while the guest is busy. Earlier would hold up the first command; so what arrives just then
 * is noted a little late. Should it fail, that is told where the report is made.
 */
function prepareReportMeanwhile({ events, loaded }: BegunRun): void {
  let prepared: Promise<void> | null = null;
  events.listen(({ kind }) => {
    if (kind === 'step-end') prepared ??= prepareReport(loaded.study).catch(() => undefined);
  });
}

async function reportOn({ events, writer, folder }: BegunRun, { state }: RunOutcome): Promise<ReportResult> {
  events.tell({ kind: 'report-start' });
  const result = await writeReport(writer.folder, ['en', 'zh']);
  const [report, page] = [join(folder, layout.report('en')), join(folder, layout.page('en'))];
  events.tell({ kind: 'report-end', state, folder, report, page, summary: result.summary });
  return result;
}

/** The exit status, or the error that made the run partial. */
function statusOf(
  outcome: RunOutcome,
  { summary }: ReportResult,
  { requireRelease }: RunCommandOptions,
  signal: AbortSignal,
): number {
  if (outcome.state === 'partial') {
    if (outcome.error instanceof RefigureError) throw outcome.error;
    throw new HostError(`The run failed: ${messageOf(outcome.error)}`, defectHint, { cause: outcome.error });
  }
  signal.throwIfAborted();
  const { wanted, found, matches } = summary.release;
  if (requireRelease && !matches) {
    throw new HostError(
      `The guest is not ${wanted}: ${found ?? 'it does not say what it is'}.`,
      'Without --require-release, a run on a stand-in counts, and the report says so.',
    );
  }
  return summary.outcome === 'upheld' ? exitStatus.upheld : exitStatus.notUpheld;
}
