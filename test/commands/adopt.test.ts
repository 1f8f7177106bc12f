import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { digestOf } from '../../src/study/digest.ts';
import { digestedFiles } from '../../src/evidence/digest.ts';
import { oldRun, snapshot } from '../support/evidence.ts';
import { smallRun } from '../support/saved-run.ts';
import { edit, smallStudy, writeStudy } from '../support/small-study.ts';
import { temporaryCopy } from '../support/temporary-folder.ts';
import { refigure } from './cli.ts';

// One process after another: each is a Node of its own, and machines have few cores.

interface Verdicts {
  readonly figures: readonly { readonly figure: string; readonly state: string; readonly origin: string | null }[];
}

async function figuresOf(folder: string): Promise<Verdicts['figures']> {
  return (JSON.parse(await readFile(join(folder, 'verdicts.json'), 'utf8')) as Verdicts).figures;
}

async function studyText(folder: string): Promise<string> {
  return readFile(join(folder, 'study.yaml'), 'utf8');
}

test.serial(
  'what a run showed becomes the expectation of a figure that has none, and is told as that of the run',
  async (t) => {
    const [run, study] = [await smallRun(t), await writeStudy(t, smallStudy)];
    const before = await snapshot(run);
    const { status, stdout, stderr } = await refigure(['adopt', run, '--study', study]);
    t.deepEqual([status, stdout, stderr], [0, 'figure 1: adopted\n', '']);
    t.deepEqual(await snapshot(run), before);
    const digest = digestOf(await digestedFiles(run));
    t.is(
      await studyText(study),
      edit(smallStudy, [
        '    terminal: [names]\n',
        `    terminal: [names]\n    shows:\n      origin: adopted\n      run: ${digest}\n      outputs:\n        names: |\n          a\n      masks: []\n`,
      ]),
    );

    await refigure(['judge', run, '--study', study]);
    const judged = `${run}-judged-1`;
    t.like(await figuresOf(judged), [{ figure: '1', state: 'same', origin: 'adopted' }]);
    const words = { 'report.md': 'as in the run', 'report.zh.md': '同运行' };
    for (const [file, said] of Object.entries(words)) {
      t.true((await readFile(join(judged, file), 'utf8')).includes(`${said} ${digest.slice(0, 12)}…`), file);
    }
    const page = await readFile(join(judged, 'report.html'), 'utf8');
    const paper = /<div class="paper">[^]*?<\/div>/.exec(page)?.[0] ?? '';
    t.notRegex(paper, /What is expected|as in the run/);
    t.regex(page, /<div class="rerun">[^]*What is expected <span class="chip adopted">as in the run /);
  },
);

/** The study of the old run without a word of what its figures show. */
async function withoutShows(t: ExecutionContext): Promise<string> {
  const study = join(await temporaryCopy(t, oldRun), 'study');
  const text = await studyText(study);
  const [from, to] = [text.indexOf('\nfigures:'), text.indexOf('\nclaims:')];
  const figures = `${text.slice(from, to)}\n`.replaceAll(/\n {4}shows:\n(?:(?: {6}.*)?\n)*/g, '\n').trimEnd();
  await writeFile(join(study, 'study.yaml'), `${text.slice(0, from)}\n${figures}\n${text.slice(to)}`);
  return study;
}

test.serial('figures of every kind are adopted, and the run is then equal to itself', async (t) => {
  const study = await withoutShows(t);
  const { status, stdout, stderr } = await refigure(['adopt', oldRun, '--study', study]);
  t.is(status, 0, stderr);
  t.regex(stdout, /^figure 1: adopted\nfigure 2: adopted\n/);
  t.regex(stdout, /^figure \S+: not adopted: nothing can be expected of a figure of its kind$/m);
  const run = await temporaryCopy(t, oldRun);
  t.is((await refigure(['judge', run, '--study', study])).status, 0);
  const states = (await figuresOf(`${run}-judged-1`)).filter(({ origin }) => origin !== null);
  t.true(states.length > 5);
  for (const { figure, state, origin } of states) {
    t.is(origin, 'adopted', figure);
    // A drawing leaves out the loopback devices.
    t.true(state === 'same' || state === 'equivalent', figure);
  }
});

test.serial('a figure of another command, or of one that did not run, is not adopted', async (t) => {
  const run = await smallRun(t, { printed: { names: 'a\n' } });
  const figure = ['terminal: [names]', 'terminal: [again]'] as const;
  const missing = await writeStudy(t, edit(smallStudy, figure));
  const one = await refigure(['adopt', run, '1', '--study', missing]);
  t.deepEqual(one, {
    status: 1,
    stdout: "figure 1: not adopted: the capture 'again' is missing: its command did not run\n",
    stderr: '',
  });
  const other = await writeStudy(
    t,
    edit(smallStudy, figure, ['ip netns list, capture: again', 'ip netns list-id, capture: again']),
  );
  const two = await refigure(['adopt', run, '--study', other]);
  t.is(two.status, 1);
  t.regex(
    two.stdout,
    /^figure 1: not adopted: 'again' is of another command or step in the run; `refigure judge` makes/,
  );
  t.is(await studyText(missing), edit(smallStudy, figure));
});

test.serial('what would write over something, or adopt what did not run, is refused', async (t) => {
  const run = await smallRun(t);
  const study = await writeStudy(t, smallStudy);
  const refused = async (args: readonly string[], why: RegExp): Promise<void> => {
    const { status, stderr } = await refigure(['adopt', ...args]);
    t.is(status, 2, stderr);
    t.regex(stderr, why);
    t.is(await studyText(study), smallStudy);
  };
  await refused([run], /required option '--study <study>'/);
  await refused([run, '2', '--study', study], /no figure '2' \(did you mean '1'\?\)\.\nIts figures: 1\./);
  await refused([run, '--study', join(run, 'study')], /is of the run itself[^]*--study/);
  const partial = await smallRun(t, { record: { state: 'partial', reason: 'Interrupted.' } });
  await refused([partial, '--study', study], /is partial[^]*came to its end/);
  await appendFile(join(run, 'journal/first.journal'), '\n');
  await refused([run, '--study', study], /is not as it was sealed/);
  const sound = await smallRun(t);
  const said = await writeStudy(t, smallStudy);
  t.is((await refigure(['adopt', sound, '1', '--study', said])).status, 0);
  await refused([sound, '1', '--study', said], /figure 1 says already what it shows, and that is never written over/);
  await refused([sound, '--study', said], /Each figure of the study says already/);
});
