import type { Parse } from '../observation/observe.ts';
import { backgroundCommands } from './background.ts';
import { collectCommands } from './collect.ts';
import { stepPath } from './places.ts';
import { readScript, type Script, type ScriptsByPath } from './script.ts';
import { isComplete } from './script-commands.ts';
import { lineId, listedId, listedProgram, scriptProgram, wholeId, type StepProgram } from './step-program.ts';
import type { Claim, Experiment, Figure, Measure, Step, Study, StudyCommand } from './schema.ts';

/** A step, known by its experiment and its place in it. */
export interface IndexedStep {
  readonly experiment: Experiment;
  /** From 1, within the experiment. */
  readonly number: number;
  readonly step: Step;
  /** What the study says of its commands, in the study's order. */
  readonly commands: readonly IndexedCommand[];
  /** What it runs, and how that is traced; null: its script is not there. */
  readonly program: StepProgram | null;
}

/** A command that the study lists, or annotates in a script. */
export interface IndexedCommand {
  /**
   * By which plan, journal and evidence know it within its step: `cK`, the K-th that the step lists; `lK`, the one that
   * begins in line K of the step's script; `whole`, a script that runs as one command; `bK`, the K-th that it starts in the
   * background; `fK`, the K-th file that it collects. null: the script has no such command, so it will not run.
   */
  readonly id: string | null;
  readonly command: StudyCommand;
  /** The path in the guest of what is collected. */
  readonly file?: string;
}

/** A name that claims and figures use, and where it comes from. */
export interface IndexedCapture {
  readonly name: string;
  readonly step: IndexedStep;
  readonly command: IndexedCommand;
  readonly parser: Parse | null;
}

/** What of a study's files its index is made from, beside the study itself. */
export interface StudyParts {
  readonly scripts: ScriptsByPath;
  /** The listed commands that are whole commands by themselves. */
  readonly complete: ReadonlySet<string>;
  /** The study's file: its name, and the line in which the value at a path begins. */
  readonly file: string;
  readonly lineOf: (path: readonly (string | number)[]) => number | null;
}

/** Reads what has to be taken apart first. `scripts`: the content of each, by its path. */
export async function readParts(
  study: Study,
  scripts: readonly { readonly path: string; readonly content: Buffer }[],
  where: Pick<StudyParts, 'file' | 'lineOf'>,
): Promise<StudyParts> {
  const read = scripts.map(async ({ path, content }) => [path, await readScript(content)] as const);
  const checked = [...new Set(listedTexts(study))].map(async (text) => ((await isComplete(text)) ? [text] : []));
  return {
    ...where,
    scripts: new Map(await Promise.all(read)),
    complete: new Set((await Promise.all(checked)).flat()),
  };
}

/** A study's parts by their names, made once. All lists are in the study's order. */
export class StudyIndex {
  readonly experiments: ReadonlyMap<string, Experiment>;
  readonly steps: readonly IndexedStep[];
  readonly captures: ReadonlyMap<string, IndexedCapture>;
  /** The step after which the network is observed under a name. */
  readonly topologies: ReadonlyMap<string, IndexedStep>;
  readonly figures: ReadonlyMap<string, Figure>;
  readonly claims: ReadonlyMap<string, Claim>;
  readonly measures: ReadonlyMap<string, Measure>;
  readonly scripts: ScriptsByPath;
  readonly #steps: ReadonlyMap<string, IndexedStep>;

  constructor(study: Study, parts: StudyParts) {
    this.scripts = parts.scripts;
    this.experiments = new Map(study.experiments.map((experiment) => [experiment.id, experiment]));
    this.steps = study.experiments.flatMap((experiment, place) =>
      experiment.steps.map((step, index) => {
        const program = programOf(step, stepPath(place, index, step), study, parts);
        const commands = [
          ...backgroundCommands(step.background),
          ...indexCommands(step, parts.scripts, program),
          ...collectCommands(step.collect),
        ];
        return { experiment, number: index + 1, step, commands, program };
      }),
    );
    this.#steps = new Map(this.steps.map((each) => [keyOf(each.experiment.id, each.step.id), each]));
    this.captures = new Map(this.steps.flatMap(capturesIn).map((capture) => [capture.name, capture]));
    this.topologies = new Map(
      this.steps.flatMap((each) => (each.step.topology === undefined ? [] : [[each.step.topology, each] as const])),
    );
    this.figures = new Map(study.figures.map((figure) => [figure.id, figure]));
    this.measures = new Map(Object.entries(study.measures ?? {}));
    this.claims = new Map(study.claims.map((claim) => [claim.id, claim]));
  }

  step(experiment: string, step: string): IndexedStep | undefined {
    return this.#steps.get(keyOf(experiment, step));
  }

  /** The steps of one experiment. */
  stepsOf(experiment: string): readonly IndexedStep[] {
    return this.steps.filter((each) => each.experiment.id === experiment);
  }

  /** The step that gives a capture or a topology its name. */
  stepOf(name: string): IndexedStep | undefined {
    return this.captures.get(name)?.step ?? this.topologies.get(name);
  }
}

function keyOf(experiment: string, step: string): string {
  return `${experiment}/${step}`;
}

function capturesIn(step: IndexedStep): IndexedCapture[] {
  return step.commands.flatMap((command) => {
    const { capture, parse } = command.command;
    return capture === undefined ? [] : [{ name: capture, step, command, parser: parse ?? null }];
  });
}

function programOf(
  step: Step,
  path: readonly (string | number)[],
  study: Study,
  { scripts, complete, file, lineOf }: StudyParts,
): StepProgram | null {
  if (step.script === undefined) {
    const lines = (step.commands ?? []).map((_, index) => {
      const at = [...path, 'commands', index];
      return lineOf([...at, 'run']) ?? lineOf([...at, 'wait', 'until']);
    });
    return listedProgram(step, { file, lines }, complete);
  }
  const script = scripts.get(step.script);
  if (script === undefined) return null;
  const others = [...scripts.values()].filter((other) => other !== script).map(({ text }) => text);
  return scriptProgram(step.script, script, [...others, ...listedTexts(study)]);
}

function listedTexts({ experiments }: Study): string[] {
  return experiments.flatMap(({ steps }) =>
    steps.flatMap(({ script, commands = [] }) => (script === undefined ? commands.map(({ run }) => run) : [])),
  );
}

function indexCommands(
  { script, commands = [] }: Step,
  scripts: ScriptsByPath,
  program: StepProgram | null,
): IndexedCommand[] {
  if (script === undefined) return commands.map((command, index) => ({ id: listedId(index + 1), command }));
  const lines = linesByText(scripts.get(script));
  const whole = program?.traced.kind === 'whole' ? program.commands[0]?.text : undefined;
  return commands.map((command, index) => {
    if (command.run === whole) return { id: wholeId, command };
    const earlier = commands.slice(0, index).filter(({ run }) => run === command.run).length;
    const line = lines(command.run)[earlier];
    return { id: line === undefined ? null : lineId(line), command };
  });
}

/** In which lines of a script a command with a text begins; where its commands can't be told apart, each place counts. */
function linesByText(script: Script | undefined): (text: string) => number[] {
  if (script === undefined) return () => [];
  const { commands, text: whole } = script;
  if (commands === null) return (text) => placesOf(text, whole);
  return (text) => commands.flatMap((command) => (command.text === text ? [command.line] : []));
}

/** The lines in which a text of whole lines begins; two that follow each other share the newline between them. */
export function placesOf(text: string, script: string): number[] {
  const [padded, piece] = [`\n${script}\n`, `\n${text}\n`];
  const lines: number[] = [];
  for (let at = padded.indexOf(piece); at >= 0; at = padded.indexOf(piece, at + 1)) {
    lines.push(padded.slice(0, at + 1).split('\n').length - 1);
  }
  return lines;
}
