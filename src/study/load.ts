import { stat } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { StudyError, UsageError, type StudyProblem } from '../core/errors.ts';
import { parseKnownKeys } from '../core/known-keys.ts';
import { expandStudy } from './expand.ts';
import { guessStudy } from './guess.ts';
import { schemaProblems } from './problems.ts';
import { checkFiles } from './file-checks.ts';
import { isUnread, noSuchFile, readRegular, readStudyFiles } from './read-file.ts';
import { checkNames, checkReferences, type Files } from './references.ts';
import { studySchema, type Study } from './schema.ts';
import { StudySource, type YamlPath } from './source.ts';
import { readParts, StudyIndex } from './study-index.ts';
import { withUsed } from './use.ts';

export interface StudyFile {
  /** Relative to the study's folder, `/`-separated. */
  readonly path: string;
  readonly content: Buffer;
}

/** A study that was read and checked, with every file that it needs. */
export interface LoadedStudy {
  /** As it is run: each cell of a matrix is an experiment. */
  readonly study: Study;
  /** As its file has it, and its index. */
  readonly written: { readonly study: Study; readonly index: StudyIndex };
  readonly source: StudySource;
  readonly index: StudyIndex;
  /** The YAML file first, then the scripts in the order of their first use, then the further files. */
  readonly files: readonly StudyFile[];
}

/** A check beyond this folder's own, so that its problems are shown along with the others. */
export type StudyCheck = (
  study: Study,
  index: StudyIndex,
  source: StudySource,
) => readonly StudyProblem[] | Promise<readonly StudyProblem[]>;

/**
 * Reads a study: the YAML file itself, or a folder that holds `study.yaml`.
 * Rejects with UsageError when there is none, with StudyError (all problems at once) when it is broken.
 */
export async function loadStudy(path: string, alsoCheck: StudyCheck = () => []): Promise<LoadedStudy> {
  const { file, content } = await readStudyFile(path);
  const source = sourceOf(file, content);
  const syntax = source.syntaxProblems();
  if (syntax.length > 0) throw new StudyError(inOrder(syntax));

  const parsed = studySchema.safeParse(source.value(), { reportInput: true });
  const problems = parsed.success ? [] : schemaProblems(source, parsed.error);
  const read = parsed.success ? parsed.data : guessStudy(source.value(), parsed.error);
  if (read === null) throw new StudyError(inOrder(problems));
  const used = await withUsed(read, source, dirname(file));
  const { study } = used;
  problems.push(...used.problems);

  const parts = await readStudyParts(study, used.files, source, file);
  const { index, scripts, others } = parts;
  problems.push(
    ...checkReferences(study, index, source, scripts),
    ...checkFiles(study, source, scripts, others),
    ...(await alsoCheck(study, index, source)),
  );
  if (problems.length > 0) throw new StudyError(inOrder(problems));
  return loaded(study, source, { path: basename(file), content }, parts);
}

/**
 * Reads the study of a saved run. The version that ran it has checked it, by rules that may have been others than today's: it
 * is read by the schema alone, keys of a newer version are passed over, and only what its readers rely on is checked. Rejects
 * as `loadStudy` does.
 */
export async function loadSavedStudy(path: string): Promise<LoadedStudy> {
  const { file, content } = await readStudyFile(path);
  const source = sourceOf(file, content);
  const syntax = source.syntaxProblems();
  if (syntax.length > 0) throw new StudyError(inOrder(syntax));
  const parsed = parseKnownKeys(studySchema, source.value());
  if (!parsed.success) throw new StudyError(inOrder(schemaProblems(source, parsed.error)));
  const used = await withUsed(parsed.data, source, dirname(file));
  const { study } = used;
  const parts = await readStudyParts(study, used.files, source, file);
  const problems = [
    ...used.problems,
    ...checkNames(study, parts.index, source),
    ...checkScriptsThere(parts.scripts, source),
  ];
  if (problems.length > 0) throw new StudyError(inOrder(problems));
  return loaded(study, source, { path: basename(file), content }, parts);
}

function checkScriptsThere(scripts: Files, source: StudySource): StudyProblem[] {
  return [...scripts].flatMap(([path, content]) =>
    isUnread(content) ? [source.problem([], `the script ${path} cannot be read: ${content.why}`)] : [],
  );
}

function sourceOf(file: string, content: Buffer): StudySource {
  return new StudySource(relative(process.cwd(), file) || file, content.toString('utf8'));
}

/** What a study names, read. */
interface StudyParts {
  readonly index: StudyIndex;
  readonly scripts: Files;
  readonly others: Files;
  /** Whose steps are in the study. */
  readonly used: readonly StudyFile[];
}

async function readStudyParts(
  study: Study,
  used: readonly StudyFile[],
  source: StudySource,
  file: string,
): Promise<StudyParts> {
  const scripts = await readStudyFiles(scriptsOf(study), dirname(file));
  const others = await readStudyFiles(study.files ?? [], dirname(file));
  return { index: await indexOf(study, scripts, source, basename(file)), scripts, others, used };
}

async function loaded(
  written: Study,
  source: StudySource,
  own: StudyFile,
  { index: writtenIndex, scripts, others, used }: StudyParts,
): Promise<LoadedStudy> {
  const study = expandStudy(written);
  const index = study === written ? writtenIndex : await indexOf(study, scripts, source, own.path);
  const files = [own, ...filesThere(scripts), ...used, ...filesThere(others)];
  return { study, written: { study: written, index: writtenIndex }, source, index, files };
}

async function indexOf(study: Study, scripts: Files, source: StudySource, file: string): Promise<StudyIndex> {
  const lineOf = (path: YamlPath): number | null => source.lineOf(path);
  return new StudyIndex(study, await readParts(study, filesThere(scripts), { file, lineOf }));
}

const hint = 'Name a study file, or a folder that holds study.yaml; experiments/veth-pair is the one that ships.';

async function readStudyFile(path: string): Promise<{ file: string; content: Buffer }> {
  const info = await stat(path).catch((error: unknown) => {
    throw new UsageError(`There is no study at ${path}.`, hint, { cause: error });
  });
  const file = info.isDirectory() ? join(path, 'study.yaml') : path;
  const content = await readRegular(file);
  if (isUnread(content)) {
    const missing = content.why === noSuchFile && file !== path;
    throw new UsageError(
      missing ? `The folder ${path} holds no study.yaml.` : `The study ${file} cannot be read: ${content.why}.`,
      hint,
    );
  }
  return { file, content };
}

function scriptsOf({ experiments }: Study): string[] {
  return experiments.flatMap(({ steps }) => steps.flatMap(({ script }) => script ?? []));
}

function filesThere(files: Files): StudyFile[] {
  return [...files].flatMap(([path, content]) => (isUnread(content) ? [] : { path, content }));
}

/** As one reads the study's file, and then its scripts; what several users of one anchor suffer from is told once. */
function inOrder(problems: readonly StudyProblem[]): StudyProblem[] {
  // The path in front of a message says which of the users it is.
  const text = ({ file, line, column, message }: StudyProblem): string =>
    `${file}:${line}:${column}: ${message.replace(/^[\w.-]+: /, '')}`;
  const different = new Map(problems.toReversed().map((problem) => [text(problem), problem]));
  const files = [...new Set(problems.map(({ file }) => file))];
  const place = (file: string): number => files.indexOf(file);
  return [...different.values()].sort(
    (a, b) => place(a.file) - place(b.file) || a.line - b.line || a.column - b.column,
  );
}
