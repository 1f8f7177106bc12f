import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { verifyRun } from '../../src/audit/verify.ts';
import type { Verdict } from '../../src/claim/judge.ts';
import type { FigureVerdict } from '../../src/comparison/judge-figures.ts';
import { findingsOf } from '../../src/comparison/findings.ts';
import { packagePath } from '../../src/core/package.ts';
import { guestFacts } from '../../src/evidence/facts.ts';
import { layout } from '../../src/evidence/layout.ts';
import { openRun } from '../../src/evidence/open.ts';
import { writeReport } from '../../src/report/write-report.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** A run of the time of format 1, with the study that it ran and the verdicts of that time; never made again. */
const recorded = packagePath('test/fixtures/runs/format-1');

async function copyOfRecorded(t: ExecutionContext): Promise<string> {
  const folder = join(await temporaryFolder(t), 'run');
  await cp(recorded, folder, { recursive: true });
  return folder;
}

test('a run of format 1 is reported on, and verifies', async (t) => {
  const folder = await copyOfRecorded(t);
  await writeReport(folder, ['en', 'zh']);
  t.is((await verifyRun(folder)).state, 'sound');
});

test('its verdicts are those of its time', async (t) => {
  const saved = JSON.parse(await readFile(join(recorded, layout.verdicts), 'utf8')) as {
    readonly verdicts: readonly Verdict[];
    readonly figures: readonly FigureVerdict[];
  };
  const { verdicts, figures } = findingsOf(await openRun(recorded));
  const claim = ({ claim: id, state, reason, deciders }: Verdict): unknown => ({ id, state, reason, deciders });
  t.deepEqual(verdicts.map(claim), saved.verdicts.map(claim));
  const figure = ({ figure: id, state, masks }: FigureVerdict): unknown => ({ id, state, masks });
  t.deepEqual(figures.map(figure), saved.figures.map(figure));
});

test('each of its captures and facts is found again by its text', async (t) => {
  const evidence = await openRun(recorded);
  for (const { name, command } of evidence.captures.values()) {
    t.deepEqual(command?.output, await readFile(join(recorded, layout.capture(name))), name);
  }
  t.deepEqual(
    Object.entries(guestFacts(evidence)).filter(([, answer]) => answer === null),
    [['release', null]],
  );
  const journals = [...evidence.journals.values(), ...(evidence.facts === null ? [] : [evidence.facts])];
  const probes = journals.flatMap(({ commands }) => commands.filter(({ purpose }) => purpose !== 'study'));
  t.deepEqual(
    probes.filter(({ id }) => id === null).map(({ text }) => text),
    [],
  );
  t.deepEqual(new Set(probes.map(({ subject }) => subject)), new Set([null, 'ns0', 'ns1']));
});
