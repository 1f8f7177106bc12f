import { basename, join } from 'node:path';
import { z } from 'zod';
import type { StudyProblem } from '../core/errors.ts';
import { includedStep } from './format-2-steps.ts';
import { filledIn, withParameters, type Combination } from './parameters.ts';
import { schemaProblems } from './problems.ts';
import { isUnread, readRegular } from './read-file.ts';
import type { Experiment, Step, Study } from './schema.ts';
import { StudySource } from './source.ts';
import { stepPath } from './places.ts';

/** A study with the steps of the files that it uses; those files; and what is wrong with them. */
export interface WithUsed {
  readonly study: Study;
  readonly files: readonly { readonly path: string; readonly content: Buffer }[];
  readonly problems: readonly StudyProblem[];
}

/** Puts the steps of a study's files in the place of each `use`. A step whose file is no good is left out, and told of. */
export async function withUsed(study: Study, source: StudySource, folder: string): Promise<WithUsed> {
  const files = new Map<string, Buffer>();
  const problems: StudyProblem[] = [];
  const experiments: Experiment[] = [];
  for (const [place, experiment] of study.experiments.entries()) {
    const steps: Step[] = [];
    for (const [index, step] of experiment.steps.entries()) {
      const at = stepPath(place, index, step);
      const read = step.use === undefined ? { steps: [step] } : await usedSteps(step, folder);
      if (read.content !== undefined && step.use !== undefined) files.set(step.use.file, read.content);
      if (read.problem !== undefined) problems.push(source.problem([...at, 'use'], read.problem));
      problems.push(...(read.problems ?? []));
      steps.push(...read.steps.map((each) => ({ ...each, ...(step.use === undefined ? {} : { at }) })));
    }
    experiments.push({ ...experiment, steps });
  }
  return {
    study: { ...study, experiments },
    files: [...files].map(([path, content]) => ({ path, content })),
    problems: onceEach(problems),
  };
}

interface UsedSteps {
  readonly steps: readonly Step[];
  readonly content?: Buffer;
  /** Of the `use` itself. */
  readonly problem?: string;
  /** Of the file. */
  readonly problems?: readonly StudyProblem[];
}

const included = z.union([includedStep, z.array(includedStep).min(1)]);

async function usedSteps({ use, origin }: Step, folder: string): Promise<UsedSteps> {
  if (use === undefined) return { steps: [] };
  const { file, values, id } = use;
  const content = await readRegular(join(folder, file));
  if (isUnread(content)) return { steps: [], problem: `the file ${file} cannot be read: ${content.why}` };
  const text = content.toString('utf8');
  const unused = Object.keys(values).find((name) => !text.includes(`\${${name}}`));
  if (unused !== undefined) return { steps: [], content, problem: `nothing in ${file} is \${${unused}}` };
  const source = new StudySource(join(folder, file), text);
  const syntax = source.syntaxProblems();
  if (syntax.length > 0) return { steps: [], content, problems: syntax };
  const parsed = included.safeParse(withValues(source.value(), values), { reportInput: true });
  if (!parsed.success) {
    const schemaOf = (): z.core.JSONSchema.BaseSchema => z.toJSONSchema(included, { io: 'input' });
    return { steps: [], content, problems: schemaProblems(source, parsed.error, schemaOf) };
  }
  const list = [parsed.data].flat();
  const usual = basename(file).replace(/\.ya?ml$/i, '');
  const steps = list.map((step): Step => {
    const own = step.id ?? usual;
    const name = id === null ? own : list.length === 1 ? id : `${id}-${own}`;
    return { ...step, id: name, title: step.title ?? { en: name, zh: name }, origin: step.origin ?? origin };
  });
  return { steps, content };
}

/** In a command a value is a word of the shell's; elsewhere it is put in as it is. */
function withValues(value: unknown, values: Combination, key = ''): unknown {
  if (typeof value === 'string') {
    if (key === 'run' || key === 'commands') return withParameters(value, values);
    return filledIn(value, (name) => (Object.hasOwn(values, name) ? String(values[name]) : undefined));
  }
  if (Array.isArray(value)) return value.map((each) => withValues(each, values, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withValues(each, values, name)]));
}

/** A file that is used twice is as wrong the second time. */
function onceEach(problems: readonly StudyProblem[]): StudyProblem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}
