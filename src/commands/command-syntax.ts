import type { StudyProblem } from '../core/errors.ts';
import { stepPath } from '../study/places.ts';
import type { Step, Study } from '../study/schema.ts';
import { readScript } from '../study/script.ts';
import type { StudySource, YamlPath } from '../study/source.ts';
import { shellVerdict } from './shell-syntax.ts';

/** A text of the study's file that a shell is to run. */
interface ShellText {
  readonly path: YamlPath;
  readonly text: string;
}

/**
 * The commands, the processes in the background and the conditions of a study that no shell takes: the parser refuses them, and
 * so does each shell of this machine. Those of scripts are checked with their script.
 */
export async function checkCommandSyntax(study: Study, source: StudySource): Promise<StudyProblem[]> {
  const texts = study.experiments.flatMap(({ steps }, experiment) =>
    steps.flatMap((step, at) => shellTexts(step, stepPath(experiment, at, step))),
  );
  const told = await Promise.all(
    texts.map(async ({ path, text }) => {
      const message = await faultIn(text);
      return message === null ? [] : [source.problem(path, message + hintFor(path, source))];
    }),
  );
  return told.flat();
}

function shellTexts({ script, commands = [], background = [] }: Step, step: YamlPath): ShellText[] {
  const listed = script === undefined ? commands : [];
  return [
    ...listed.map(({ run }, index) => ({ path: [...step, 'commands', index, 'run'], text: run })),
    ...background.flatMap(({ run, ready }, index) => {
      const path = [...step, 'background', index];
      const condition = ready !== undefined && 'succeeds' in ready ? ready.succeeds : null;
      return [
        { path: [...path, 'run'], text: run },
        ...(condition === null ? [] : [{ path: [...path, 'ready', 'succeeds'], text: condition }]),
      ];
    }),
  ];
}

/** What no shell takes of a text; null: it is in order. */
async function faultIn(text: string): Promise<string | null> {
  const script = await readScript(Buffer.from(`${text}\n`));
  if (script.fault === null) return null;
  const verdict = await shellVerdict(script);
  return verdict === null || verdict.takenBy.length > 0 ? null : `no shell takes this command: ${script.fault.message}`;
}

/** In a text of YAML without quotation marks a comment begins at ` #`, within those of the shell too. */
function hintFor(path: YamlPath, source: StudySource): string {
  return source.isCutByComment(path) ? "; YAML reads no further than to ' #': quote the whole text" : '';
}
