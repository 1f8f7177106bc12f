import type { Provider } from '../core/provider.ts';
import type { Scope } from '../core/scope.ts';
import { anyGuest, ProviderRegistry } from '../provider/registry.ts';
import { beginRun, type BegunRun } from '../run/begin-run.ts';
import type { EventStream } from '../run/event-stream.ts';
import { readHostFacts } from '../run/host-facts.ts';
import type { RunOptions } from '../run/run-parts.ts';
import { runStudy } from '../run/run-study.ts';
import { select, type Selection } from '../run/selection.ts';
import { grantedClock, type AskedTerms } from '../run/terms.ts';
import { CachedStepStates } from '../run/cached-step-states.ts';
import type { StateStore } from '../run/state-store.ts';
import type { LoadedStudy } from '../study/load.ts';
import type { Study } from '../study/schema.ts';
import { agreeToBorrow } from './agree-to-borrow.ts';
import { loadCheckedStudy } from './checked-study.ts';
import { chooseBest, chooseNamed, type Dialogue } from './choose-guest.ts';
import { keepGuest } from './hold-guest.ts';
import type { Interrupts } from './interrupts.ts';
import { prepareReportMeanwhile } from './prepare-report.ts';
import { reportOn } from './report-run.ts';
import type { RunCommandOptions } from './run-options.ts';
import { statusOf } from './run-status.ts';

export interface Surroundings {
  readonly events: EventStream;
  readonly consent: Dialogue['consent'];
  readonly interrupts: Interrupts;
  /** Owns what outlives the run: its folder while that is empty, a guest that is kept. */
  readonly scope: Scope;
}

/** A run that can begin: all is checked, and its guest is chosen. */
export interface PreparedRun {
  readonly run: BegunRun;
  readonly options: RunOptions;
}

/** Of a study that is watched. */
export interface Watched {
  /** Of the runs before this one. */
  readonly states: StateStore;
  /** The study as it is now; null: it is broken, and is read once more to tell how. */
  readonly loaded: LoadedStudy | null;
}

/** Checks the study, the guest's name and the folder; then chooses a guest, runs, reports, and says how it came out. */
export async function rerun(
  path: string,
  options: RunCommandOptions,
  around: Surroundings,
  watched?: Watched,
): Promise<number> {
  const { events, interrupts, scope } = around;
  const { tell } = events;
  const { signal } = interrupts;
  const loaded = watched?.loaded ?? (await loadCheckedStudy(path));
  const prepared = await prepareRun(loaded, options, around, (study) => select(study, options));
  const { run } = prepared;
  prepareReportMeanwhile(run);
  const { from } = run.selection;
  const states = from === null ? watched?.states : new CachedStepStates(prepared.options.choice.providers[0], from);
  const outcome = await runStudy(run, { ...prepared.options, ...(states && { states }) });
  const report = await reportOn(run, outcome);
  if (outcome.state === 'complete' && outcome.kept !== null && !signal.aborted) {
    await keepGuest(outcome.kept.guest, { interrupts, tell, scope });
  }
  return statusOf(outcome, report, options, signal);
}

/** `choose`: what of the study is to run. */
export async function prepareRun(
  loaded: LoadedStudy,
  options: RunCommandOptions,
  { events, consent, interrupts, scope }: Surroundings,
  choose: (study: Study) => Selection,
): Promise<PreparedRun> {
  const { tell } = events;
  const { signal } = interrupts;
  const { clock, seed } = options;
  const terms: AskedTerms = { keep: options.keep === true, cold: options.cold === true, clock, seed };

  const host = readHostFacts();
  const registry = await ProviderRegistry.load(options.catalogue);
  const wanted = options.guest === anyGuest ? null : await registry.named(options.guest);
  // Not what the user typed: the evidence names no machine of the user's.
  const asked = wanted?.name ?? anyGuest;
  const selection = choose(loaded.study);
  const run = beginRun({ loaded, selection, out: options.out, asked, host: await host, events, scope });

  const requireGranted = (provider: Provider): void => {
    grantedClock(provider, loaded.study, terms);
  };
  const search = { tell, consent, signal, requireTerms: requireGranted };
  if (wanted?.terms.ownership === 'borrowed') {
    requireGranted(wanted);
    await agreeToBorrow(loaded, selection, { tell, consent });
  }
  const choice = wanted === null ? await chooseBest(await registry.all(), search) : await chooseNamed(wanted, search);
  return { run, options: { choice, signal, asked: terms, keeper: scope } };
}
