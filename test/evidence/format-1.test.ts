import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { verifyRun } from '../../src/audit/verify.ts';
import type { Verdict } from '../../src/claim/judge.ts';
import type { FigureVerdict } from '../../src/comparison/judge-figures.ts';
import { findingsOf } from '../../src/comparison/findings.ts';
import { guestFacts } from '../../src/evidence/facts.ts';
import { layout } from '../../src/evidence/layout.ts';
import { openRun } from '../../src/evidence/open.ts';
import { shellStudy } from '../run/shell-study.ts';
import { copyOfOldRun, oldRun, oldRunWithReport, replaceOutput } from '../support/evidence.ts';
import { saveRun } from '../support/saved-run.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { journalOf } from './journals.ts';

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

test('the file that names the release is what is left of what it asked the guest', async (t) => {
  const folder = await copyOfOldRun(t);
  const place = { experiment: 'facts', step: 'facts', command: 'cat /etc/centos-release' };
  await replaceOutput(folder, place, 'CentOS Linux release 7.6.1810 (Core) \n');
  const path = join(folder, layout.journal('facts'));
  await writeFile(path, (await readFile(path, 'utf8')).replace(/( end 1 \S+) 1 exited/, '$1 0 exited'));
  t.is(guestFacts(await openRun(folder)).release, 'CentOS Linux release 7.6.1810 (Core)');
});

/** A journal as it was written in format 1: without ids. */
function inFormat1(journal: Buffer): Buffer {
  const text = journal
    .toString('latin1')
    .replace(/^refigure-journal \d /, 'refigure-journal 1 ')
    .replaceAll(/^(#\S+ \d+ step \S+) study$/gm, '$1')
    .replaceAll(/^(#\S+ \d+ command \d+) .*$/gm, '$1');
  return Buffer.from(text, 'latin1');
}

test('a command that a step repeats gives its captures in order, each once', async (t) => {
  const base = await temporaryFolder(t);
  const looks = ['before', 'after', 'once_more'].map((capture) => ({ run: 'ping', capture }));
  const again = [{ run: 'ping', capture: 'elsewhere' }];
  const loaded = await shellStudy(join(base, 'study'), [{ id: 'first', steps: { look: looks, again } }]);
  const folder = saveRun(join(base, 'run'), loaded, {});
  const journal = journalOf({
    look: [
      { text: 'ping', output: '1' },
      { text: 'route', output: '2' },
      { text: 'ping', output: '3' },
    ],
    again: [{ text: 'ping', output: '4' }],
  });
  await mkdir(join(folder, 'journal'), { recursive: true });
  await writeFile(join(folder, layout.journal('first')), inFormat1(journal));
  const { captures } = await openRun(folder);
  t.deepEqual(
    [...captures.values()].map(({ name, command }) => [name, command?.output.toString() ?? null]),
    [
      ['before', '1'],
      ['after', '3'],
      ['once_more', null],
      ['elsewhere', '4'],
    ],
  );
});
