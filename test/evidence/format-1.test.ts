import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { verifyRun } from '../../src/audit/verify.ts';
import type { Verdict } from '../../src/claim/judge.ts';
import type { FigureVerdict } from '../../src/comparison/judge-figures.ts';
import { findingsOf } from '../../src/comparison/findings.ts';
import { guestFacts } from '../../src/evidence/facts.ts';
import { layout } from '../../src/evidence/layout.ts';
import { openRun } from '../../src/evidence/open.ts';
import { oldRun, oldRunWithReport } from '../support/evidence.ts';

test('a run of format 1 is reported on, and verifies', async (t) => {
  t.is((await verifyRun(await oldRunWithReport())).state, 'sound');
});

test('its verdicts are those of its time', async (t) => {
  const saved = JSON.parse(await readFile(join(oldRun, layout.verdicts), 'utf8')) as {
    readonly verdicts: readonly Verdict[];
    readonly figures: readonly FigureVerdict[];
  };
  const { verdicts, figures } = findingsOf(await openRun(oldRun));
  const claim = ({ claim: id, state, reason }: Verdict): unknown => ({ id, state, reason });
  t.deepEqual(verdicts.map(claim), saved.verdicts.map(claim));
  for (const [at, { claim: id, deciders }] of saved.verdicts.entries()) {
    // Since then, each term of a conjunction has its line.
    const linesOf = (name: string): readonly number[] =>
      verdicts[at]?.deciders.find(({ observed }) => observed === name)?.lines ?? [];
    for (const { observed, lines } of deciders) {
      t.deepEqual(
        lines,
        lines.filter((line) => linesOf(observed).includes(line)),
        id,
      );
    }
  }
  const figure = ({ figure: id, state, masks }: FigureVerdict): unknown => ({ id, state, masks });
  t.deepEqual(figures.map(figure), saved.figures.map(figure));
});

test('each of its captures and facts is found again by its text', async (t) => {
  const evidence = await openRun(oldRun);
  for (const { name, command } of evidence.captures.values()) {
    t.deepEqual(command?.output, await readFile(join(oldRun, layout.capture(name))), name);
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
