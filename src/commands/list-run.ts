import { jsonLine, stdout } from '../core/terminal.ts';
import { select, stepsToRun, type Selection, type Wanted } from '../run/selection.ts';
import type { LoadedStudy } from '../study/load.ts';
import type { IndexedStep } from '../study/study-index.ts';
import { loadCheckedStudy } from './checked-study.ts';
import { stepsOfClaim } from './claim-experiments.ts';

/** What a run of a study would run: `refigure run --list`. */
interface Listed {
  readonly study: { readonly id: string; readonly file: string };
  readonly experiments: readonly {
    readonly id: string;
    /** The experiment that it builds on; null: none. */
    readonly after: string | null;
    readonly steps: readonly ListedStep[];
  }[];
  /** Ids of the claims that would be examined. */
  readonly claims: readonly string[];
}

interface ListedStep {
  readonly id: string;
  /** null: it runs commands that the study lists. */
  readonly script: string | null;
  /** How many commands; null: they are not told apart. */
  readonly commands: number | null;
  readonly captures: readonly string[];
  /** The name under which the network is observed after it. */
  readonly topology: string | null;
}

/** Prints what would run, in the study's order; runs nothing. */
export async function listRun(path: string, wanted: Wanted, json: boolean): Promise<void> {
  const loaded = await loadCheckedStudy(path);
  const listed = list(loaded, select(loaded.study, wanted));
  stdout.write(json ? jsonLine({ kind: 'list', format: 1, ...listed }) : listText(listed));
}

function list(loaded: LoadedStudy, selection: Selection): Listed {
  const { study, index, source } = loaded;
  const runs = selection.experiments.map((experiment) => ({
    experiment,
    steps: stepsToRun(selection, index.stepsOf(experiment.id)),
  }));
  const all = new Set(runs.flatMap(({ steps }) => steps));
  return {
    study: { id: study.id, file: source.file },
    experiments: runs.map(({ experiment: { id, after }, steps }) => ({
      id,
      after: after ?? null,
      steps: steps.map(listStep),
    })),
    claims: study.claims
      .filter((claim) => stepsOfClaim(claim, loaded).every((step) => all.has(step)))
      .map(({ id }) => id),
  };
}

function listStep({ step, commands, program }: IndexedStep): ListedStep {
  return {
    id: step.id,
    script: step.script ?? null,
    commands: program === null || program.traced.kind === 'whole' ? null : program.commands.length,
    captures: commands.flatMap(({ command }) => command.capture ?? []),
    topology: step.topology ?? null,
  };
}

function listText({ study, experiments, claims }: Listed): string {
  const lines = experiments.flatMap(({ id, after, steps }) => [
    `experiment ${id}${after === null ? '' : ` (after ${after})`}`,
    ...steps.flatMap((step) => stepLines(id, step)),
  ]);
  return `${[`${study.file}: ${study.id}`, ...lines, `claims: ${claims.join(', ') || 'none'}`].join('\n')}\n`;
}

function stepLines(experiment: string, { id, script, commands, captures, topology }: ListedStep): string[] {
  const number = commands === null ? 'as one command' : `${commands} ${commands === 1 ? 'command' : 'commands'}`;
  return [
    `  step ${experiment}/${id}: ${script === null ? '' : `${script}, `}${number}`,
    ...(captures.length === 0 ? [] : [`    captures: ${captures.join(', ')}`]),
    ...(topology === null ? [] : [`    topology: ${topology}`]),
  ];
}
