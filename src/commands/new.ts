import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { exitStatus, HostError, messageOf, UsageError } from '../core/errors.ts';
import { packagePath } from '../core/package.ts';
import { stdout } from '../core/terminal.ts';
import { lineOnTerminal } from '../core/terminal-text.ts';
import type { Interrupts } from './interrupts.ts';
import { askAnswers, takeAnswers, type Answers, type GivenAnswers } from './new/answers.ts';
import { makeFolder, otherNameHint, refuseUsed, repositoryAbove } from './new/make-folder.ts';
import { readmeText } from './new/readme-text.ts';
import { studyIdOf } from './new/study-id.ts';
import { studyText } from './new/study-text.ts';
import { workflowText } from './new/workflow-text.ts';

export interface NewOptions extends GivenAnswers {
  /** Asks nothing. */
  readonly yes?: true;
}

/**
 * Makes a study: a folder of this name or path, which must be new or empty, with all that it takes to run it here and on
 * GitHub. Asks for what the options leave open, where there is somebody to ask.
 */
export async function newCommand(name: string, options: NewOptions, interrupts: Interrupts): Promise<number> {
  const folder = resolve(name);
  const id = studyIdOf(folder);
  await refuseUsed(folder);
  const workflow = placeWorkflow(folder, id);
  interrupts.during = 'the questions; nothing was made';
  const asks = options.yes !== true && process.stdin.isTTY && process.stdout.isTTY;
  const answers = asks ? await askAnswers(id, options, interrupts.signal) : await takeAnswers(id, options);
  await write({ id, folder, workflow, answers });
  return exitStatus.upheld;
}

interface WorkflowPlace {
  /** Absolute. */
  readonly file: string;
  /** Whether it lies in the study's folder, and is made with it. */
  readonly isWithin: boolean;
  /** The study's folder, relative to the repository. */
  readonly study: string;
}

/** GitHub looks for workflows in the topmost folder of a repository; a study outside one becomes one of its own. */
function placeWorkflow(folder: string, id: string): WorkflowPlace {
  const repository = repositoryAbove(folder);
  if (repository === null) return { file: join(folder, ownWorkflow), isWithin: true, study: '.' };
  const file = join(repository, '.github', 'workflows', `refigure-${id}.yml`);
  if (existsSync(file)) throw new UsageError(lineOnTerminal(`${file} is there already.`), otherNameHint);
  return { file, isWithin: false, study: slashed(relative(repository, folder)) };
}

const ownWorkflow = '.github/workflows/refigure.yml';

interface NewStudy {
  readonly id: string;
  readonly folder: string;
  readonly workflow: WorkflowPlace;
  readonly answers: Answers;
}

async function write({ id, folder, workflow, answers }: NewStudy): Promise<void> {
  const workflowFile = workflowText(id, workflow.study, answers.guest);
  const files = new Map<string, string | Uint8Array>([
    ['study.yaml', studyText(id, answers)],
    ['study.schema.json', await readFile(packagePath('schema/study.schema.json'))],
    ['README.md', readmeText(answers, slashed(relative(folder, workflow.file)))],
    ['.gitignore', 'reports/\n'],
    ...(workflow.isWithin ? [[ownWorkflow, workflowFile] as const] : []),
  ]);
  await makeFolder(folder, files);
  const here = relative('', folder) || '.';
  const made = [...files.keys()].map((file) => join(here, file));
  if (!workflow.isWithin) {
    await writeWorkflow(workflow.file, workflowFile);
    made.push(relative('', workflow.file));
  }
  const lines = ['Made:', ...made.map((file) => `  ${file}`), `Run it: refigure run ${here} --guest ${answers.guest}`];
  stdout.write(`${lines.map(lineOnTerminal).join('\n')}\n`);
}

async function writeWorkflow(file: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { flag: 'wx' });
  } catch (error) {
    throw new HostError(
      lineOnTerminal(`The study was made, but not its workflow ${file}: ${messageOf(error)}`),
      'The study runs without it.',
      { cause: error },
    );
  }
}

function slashed(path: string): string {
  return path.replaceAll('\\', '/');
}
