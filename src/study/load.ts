import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { StudyError, UsageError } from '../core/errors.ts';
import { checkReferences } from './references.ts';
import { schemaProblems } from './problems.ts';
import { studySchema, type Study } from './schema.ts';
import { StudySource } from './source.ts';

export interface StudyFile {
  /** Relative to the study's folder, `/`-separated. */
  readonly path: string;
  readonly content: Buffer;
}

/** A study that was read and checked, with every file that it needs. */
export interface LoadedStudy {
  readonly study: Study;
  readonly source: StudySource;
  /** The YAML file first, then the scripts in the order of their first use. */
  readonly files: readonly StudyFile[];
}

/**
 * Reads a study: the YAML file itself, or a folder that holds `study.yaml`.
 * Rejects with UsageError when there is none, with StudyError (all problems at once) when it is broken.
 */
export async function loadStudy(path: string): Promise<LoadedStudy> {
  const file = await studyFile(path);
  const content = await readFile(file);
  const source = new StudySource(relative(process.cwd(), file) || file, content.toString('utf8'));
  const study = validate(source);
  const scripts = await readScripts(study, source, dirname(file));
  return { study, source, files: [{ path: basename(file), content }, ...scripts] };
}

async function studyFile(path: string): Promise<string> {
  const hint = 'Name a study file, or a folder that holds study.yaml; experiments/veth-pair is the one that ships.';
  const info = await stat(path).catch((error: unknown) => {
    throw new UsageError(`There is no study at ${path}.`, hint, { cause: error });
  });
  if (!info.isDirectory()) return path;
  const inside = join(path, 'study.yaml');
  await stat(inside).catch((error: unknown) => {
    throw new UsageError(`The folder ${path} holds no study.yaml.`, hint, { cause: error });
  });
  return inside;
}

function validate(source: StudySource): Study {
  const syntax = source.syntaxProblems();
  if (syntax.length > 0) throw new StudyError(syntax);
  const value = source.value();
  if ('problem' in value) throw new StudyError([value.problem]);
  const parsed = studySchema.safeParse(value.value, { reportInput: true });
  if (!parsed.success) throw new StudyError(schemaProblems(source, parsed.error));
  return parsed.data;
}

async function readScripts(study: Study, source: StudySource, folder: string): Promise<StudyFile[]> {
  const paths = new Set(study.experiments.flatMap(({ steps }) => steps.flatMap(({ script }) => script ?? [])));
  const scripts = await Promise.all(
    [...paths].map(async (path) => ({ path, content: await readFile(join(folder, path)).catch(() => null) })),
  );
  const problems = checkReferences(study, source, new Map(scripts.map(({ path, content }) => [path, content])));
  if (problems.length > 0) throw new StudyError(problems);
  return scripts.flatMap(({ path, content }) => (content === null ? [] : { path, content }));
}
