import type { StudyProblem } from '../core/errors.ts';
import { stepPath } from './places.ts';
import { placesOf, type IndexedStep, type StudyIndex } from './study-index.ts';
import type { Script } from './script.ts';
import type { Study } from './schema.ts';
import type { StudySource, YamlPath } from './source.ts';

/** A step of a script that is there. */
type ScriptStep = IndexedStep & { readonly file: string; readonly script: Script };

/**
 * What would make a script another one than it looks, or leave it untraced where the study counts on the trace. A saved
 * study is not held to this: it was run under the rules of its time.
 */
export function checkScripts(study: Study, index: StudyIndex, source: StudySource): StudyProblem[] {
  return study.experiments.flatMap(({ id, steps }, experiment) =>
    steps.flatMap((step, at) => {
      const indexed = index.step(id, step.id);
      const script = step.script === undefined ? undefined : index.scripts.get(step.script);
      if (indexed === undefined || script === undefined || step.script === undefined) return [];
      const path = stepPath(experiment, at, step);
      return [
        ...checkMark(step.script, script, [...path, 'script'], source),
        ...checkAnnotations({ ...indexed, file: step.script, script }, path, source),
      ];
    }),
  );
}

function checkMark(file: string, { text }: Script, path: YamlPath, source: StudySource): StudyProblem[] {
  if (!text.startsWith('\ufeff')) return [];
  const message = `the script ${file} begins with a byte order mark; a shell would take it as part of the first word`;
  return [source.problem(path, `${message}: save it without`)];
}

function checkAnnotations(step: ScriptStep, path: YamlPath, source: StudySource): StudyProblem[] {
  return step.commands.flatMap(({ id, command }, index) => {
    const at = (key: string): YamlPath => [...path, 'commands', index, key];
    return [
      ...(id === null || step.program?.commands.every((each) => each.id !== id) === true
        ? untraced(step, index).map((message) => source.problem(at('run'), message))
        : []),
      ...(command.separate === true
        ? [
            source.problem(
              at('separate'),
              "'separate' is for commands that the study lists; a script has its own streams",
            ),
          ]
        : []),
    ];
  });
}

/** Why a command of a script can't be annotated; what is not in the script at all is told elsewhere. */
function untraced({ program, script, file, commands }: ScriptStep, index: number): string[] {
  const run = commands[index]?.command.run ?? '';
  const [whole] = program?.commands ?? [];
  if (program?.traced.kind === 'whole') {
    const why = `the script ${file} runs as one command (${program.traced.why})`;
    return [`${why}, so none of its commands can be told apart; annotate '${whole?.text ?? ''}'`];
  }
  const earlier = commands.slice(0, index).filter(({ command }) => command.run === run).length;
  const line = placesOf(run, script.text)[earlier];
  if (line === undefined) return [];
  const around = program?.commands.findLast((command) => (command.line ?? 0) < line);
  const where = around?.line == null ? '' : ` that begins in line ${around.line}`;
  return [
    `'${run}' in line ${line} of the script ${file} is part of another command${where}, and not traced by itself`,
  ];
}
