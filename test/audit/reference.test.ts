import { readFile } from 'node:fs/promises';
import test from 'ava';
import { verifyRun } from '../../src/audit/verify.ts';
import { findingsOf } from '../../src/comparison/findings.ts';
import { packagePath } from '../../src/core/package.ts';
import { layout } from '../../src/evidence/layout.ts';
import { openRun } from '../../src/evidence/open.ts';
import { listFiles } from '../../src/evidence/run-files.ts';
import { languages } from '../../src/report/language.ts';
import { loadStudy } from '../../src/study/load.ts';
import { chineseProse } from '../report/chinese-prose.ts';
import { latinWords } from '../report/latin-words.ts';
import { render } from '../report/rendering.ts';
import { snapshot } from '../support/evidence.ts';

/**
 * What is said of the run that ships, in README and elsewhere. It is made anew from time to time, so what is about something
 * else tests with a run of its own. REFIGURE_REFERENCE names another one, to try it before it is committed.
 */
const referenceRun = process.env['REFIGURE_REFERENCE'] ?? packagePath('reports/veth-pair/reference');

test('the reference run is sound, in both languages, and verifying it changes nothing', async (t) => {
  const before = await snapshot(referenceRun);
  const derived = /^(?:manifest\.json|verdicts\.json|report\.|figures\/|recordings\/)/;
  const files = listFiles(referenceRun).filter((file) => !derived.test(file)).length;
  t.like(await verifyRun(referenceRun), { state: 'sound', files, languages });
  t.deepEqual(await snapshot(referenceRun), before);
});

test('README states its digest', async (t) => {
  const readme = await readFile(packagePath('README.md'), 'utf8');
  const stated = [...readme.matchAll(/^DIGEST (\S+)$/gm)].map(([, digest]) => digest);
  t.deepEqual(stated, [(await openRun(referenceRun)).digest ?? 'none']);
});

test('it is a whole run of the study that ships', async (t) => {
  const { record, loaded } = await openRun(referenceRun);
  const { study: shipped } = await loadStudy(packagePath('experiments/veth-pair'));
  t.is(record.state, 'complete');
  for (const part of ['experiments', 'figures', 'claims'] as const) {
    const ids = shipped[part].map(({ id }) => id);
    t.deepEqual(
      loaded.study[part].map(({ id }) => id),
      ids,
    );
    if (part === 'experiments') t.deepEqual(record.study.experiments, ids);
  }
});

test('every claim is upheld, by a line or by a topology', async (t) => {
  const { evidence, verdicts } = findingsOf(await openRun(referenceRun));
  t.deepEqual(
    verdicts.map(({ claim, state, reason }) => [claim, state, reason]),
    evidence.loaded.study.claims.map(({ id }) => [id, 'upheld', null]),
  );
  for (const { claim, deciders } of verdicts) {
    t.true(deciders.length > 0, claim);
    for (const { kind, lines } of deciders) t.is(lines.length, kind === 'topology' ? 0 : 1, claim);
  }
});

test('every figure is drawn; those that say what they show are the same as that, or equivalent', async (t) => {
  const { evidence, figures } = findingsOf(await openRun(referenceRun));
  const { study } = evidence.loaded;
  t.deepEqual(
    figures.map(({ figure, state }) => [figure, state === 'same' || state === 'equivalent' ? 'alike' : state]),
    study.figures.map(({ id, shows }) => [id, shows === undefined ? 'not compared' : 'alike']),
  );
  for (const language of languages) {
    const { files } = await render(referenceRun, language);
    const pictures = [...files.keys()].filter((file) => file.startsWith(`${layout.figures}/`));
    t.is(pictures.length, study.figures.length, language);
  }
});

test('the Chinese report has no English prose outside captures, code and names', async (t) => {
  const prose = chineseProse((await render(referenceRun, 'zh')).markdown);
  t.true(prose.length > 1000);
  t.deepEqual(latinWords(prose), []);
});
