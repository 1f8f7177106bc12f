import { GuestError } from '../core/errors.ts';
import type { Guest } from '../core/guest.ts';
import { sha256 } from '../core/hash.ts';
import type { LoadedStudy } from '../study/load.ts';
import type { IndexedStep } from '../study/study-index.ts';
import type { BegunRun } from './begin-run.ts';
import type { StepByStep } from './gate-keeper.ts';
import { nonceBytes } from './nonce.ts';
import { guestFolders, stepDigest } from './plan.ts';
import { stepsToRun } from './selection.ts';
import type { RunningStep, StateStore, StepState } from './state-store.ts';

/** The steps of a run, in the order in which they run. */
export function runningSteps({ loaded, selection }: Pick<BegunRun, 'loaded' | 'selection'>): RunningStep[] {
  const steps = selection.experiments.flatMap(({ id }) => stepsToRun(selection, loaded.index.stepsOf(id)));
  return steps.map((step) => ({
    place: { experiment: step.experiment.id, step: step.step.id },
    digest: sha256(`${stepDigest(step, guestFolders(anyNonce), anyNonce)}\n${surroundingsOf(step, loaded)}`),
  }));
}

/** Steps are compared between runs, each of which has a nonce of its own. */
const anyNonce = '00'.repeat(nonceBytes);

/** What a step may read beside its program: the files that the study lists, and those that its text names. */
function surroundingsOf({ program }: IndexedStep, { study, files }: LoadedStudy): string {
  const text =
    program?.content?.toString('latin1') ?? program?.commands.map((command) => command.text).join('\n') ?? '';
  const mayRead = (path: string): boolean =>
    study.files?.includes(path) === true || text.includes(path.slice(path.lastIndexOf('/') + 1));
  const read = files.slice(1).filter(({ path }) => mayRead(path));
  const asked = study.environment?.releaseFile ?? '';
  return [asked, ...read.map(({ path, content }) => `${sha256(content)} ${path}`)].join('\n');
}

/** How the guest of a run is kept step by step; null: it is not. Throws GuestError where that guest can't be. */
export function stepByStep(
  run: BegunRun,
  guest: Guest,
  state: StepState | null,
  nonce: string,
  { states, failure }: { readonly states?: StateStore; readonly failure: AbortController },
): StepByStep | null {
  if (states === undefined) return null;
  if (guest.sealed || guest.checkpoint === undefined) {
    const { name } = guest.identity;
    throw new GuestError(
      `No state of the guest ${name} can be kept between steps.`,
      'Name --guest embedded, whose clock is real.',
    );
  }
  return {
    guest,
    states,
    steps: runningSteps(run),
    from: state?.index ?? null,
    found: state,
    origin: { startedAt: run.startedAt, nonce, pushed: new Map(), journals: new Map() },
    fail: (error) => {
      failure.abort(error);
    },
  };
}
