import type { ClockKind } from '../../src/core/guest.ts';
import { withScope } from '../../src/core/scope.ts';
import type { Provider } from '../../src/core/provider.ts';
import { beginRun } from '../../src/run/begin-run.ts';
import { EventStream } from '../../src/run/event-stream.ts';
import type { ToldEvent } from '../../src/run/events.ts';
import { readHostFacts } from '../../src/run/host-facts.ts';
import { select } from '../../src/run/selection.ts';
import { runStudy, type RunOutcome } from '../../src/run/run-study.ts';
import type { LoadedStudy } from '../../src/study/load.ts';

export interface RunInFolderOptions {
  readonly loaded: LoadedStudy;
  readonly provider: Provider;
  readonly folder: string;
  readonly only?: string | undefined;
  readonly until?: string | undefined;
  readonly keep?: boolean | undefined;
  readonly clock?: ClockKind | undefined;
  readonly seed?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: (event: ToldEvent) => void;
  /** A guest that is kept still runs then. */
  readonly beforeEnd?: (outcome: RunOutcome) => Promise<void>;
}

export interface FinishedRun {
  readonly outcome: RunOutcome;
  readonly events: readonly ToldEvent[];
}

/** A run in this guest, as the command line does it, without the report. */
export function runInFolder(options: RunInFolderOptions): Promise<FinishedRun> {
  const { loaded, provider, folder, only, until, keep = false, signal = new AbortController().signal } = options;
  const stream = new EventStream();
  const events: ToldEvent[] = [];
  stream.listen((event) => {
    events.push(event);
    options.onEvent?.(event);
  });
  return withScope(async (scope) => {
    const host = await readHostFacts();
    const selection = select(loaded.study, { only: only === undefined ? undefined : [only], until });
    const run = beginRun({ loaded, selection, out: folder, asked: provider.name, host, events: stream, scope });
    const asked = { keep, cold: false, clock: options.clock, seed: options.seed };
    const choice = { asked: provider.name, passedOver: [], providers: [provider] } as const;
    const outcome = await runStudy(run, { choice, signal, asked, keeper: scope });
    await options.beforeEnd?.(outcome);
    return { outcome, events };
  });
}
