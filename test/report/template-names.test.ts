import test from 'ava';
import { findingsOf } from '../../src/comparison/findings.ts';
import { packagePath } from '../../src/core/package.ts';
import { openRun } from '../../src/evidence/open.ts';
import { htmlReport } from '../../src/report/html/report.ts';
import { translator } from '../../src/report/language.ts';
import { markdownReport } from '../../src/report/markdown/report.ts';
import { makeModel, type ReportModel } from '../../src/report/model/model.ts';
import { studyJsonSchema } from '../../src/study/problems.ts';

const t = translator('en');

/**
 * A model that notes which properties it is asked for and does not have; a template takes those for false. A copy, for what
 * is frozen can't be watched.
 */
function watched<T extends object>(value: T, absent: Set<string>): T {
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as T;
  return new Proxy(copy, {
    get(target, name) {
      if (typeof name === 'string' && !(name in target)) absent.add(name);
      const found: unknown = Reflect.get(target, name, target);
      return typeof found === 'object' && found !== null ? watched(found, absent) : found;
    },
  });
}

/** What a study may leave out, a template may ask for in vain. */
const studyKeys: ReadonlySet<string> = new Set(
  [...JSON.stringify(studyJsonSchema()).matchAll(/"(\w+)":\{/g)].map(([, key = '']) => key),
);

async function modelOf(folder: string): Promise<ReportModel> {
  return makeModel(findingsOf(await openRun(packagePath(folder))), 'en', t);
}

/** With what other runs have: all conditions of the templates come out both ways. */
function variants(model: ReportModel): ReportModel[] {
  const digests = { run: 'a', study: 'b' };
  const clock = { kind: 'virtual', rate: '1', startsAt: '0', seed: '1', digests } as const;
  const opposite = {
    partialReason: 'why',
    judged: { startedAt: '0', study: 'a', digest: 'b', steps: ['c'], files: ['d'] },
    standIn: !model.standIn,
    borrowed: !model.borrowed,
    clock,
    twoClocks: !model.twoClocks,
  };
  const missing = { state: 'missing', reason: { kind: 'given' } } as const;
  const experiments = model.experiments.map((experiment) => ({
    ...experiment,
    asked: !experiment.asked,
    steps: experiment.steps.map((step) => ({
      ...step,
      commands: [],
      figures: step.figures.map((figure) => ({ ...figure, picture: missing })),
    })),
  }));
  return [
    model,
    { ...model, ...opposite, experiments, releaseUnknown: true, passedOver: [{ guest: 'a', reason: 'b' }] },
  ];
}

test('a report asks its model for nothing that it does not have', async (t1) => {
  const absent = new Set<string>();
  for (const model of variants(await modelOf('test/fixtures/runs/format-1'))) {
    markdownReport(watched(model, absent), t);
    htmlReport(watched(model, absent), t);
  }
  t1.deepEqual(
    [...absent].filter((name) => !studyKeys.has(name)),
    [],
  );
});

test('the check notes a condition on what is not there', async (t1) => {
  const absent = new Set<string>();
  const { borrowed, ...model } = await modelOf('test/fixtures/runs/format-1');
  t1.false(borrowed);
  markdownReport(watched(model, absent) as ReportModel, t);
  t1.true(absent.has('borrowed'));
});
