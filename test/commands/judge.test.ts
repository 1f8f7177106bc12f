import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Verdict } from '../../src/claim/judge.ts';
import { loadStudy } from '../../src/study/load.ts';
import { studyDigest } from '../../src/study/digest.ts';
import { writeReport } from '../../src/report/write-report.ts';
import { journalOf } from '../evidence/journals.ts';
import { editStudy, oldRun, reseal, snapshot } from '../support/evidence.ts';
import { smallRun, type SmallRun } from '../support/saved-run.ts';
import { edit, smallScript, smallStudy, writeStudy } from '../support/small-study.ts';
import { temporaryCopy } from '../support/temporary-folder.ts';
import { refigure, type Finished } from './cli.ts';

// One process after another: each is a Node of its own, and machines have few cores.

const note = /The study is not the one that ran\.|本研究并非当时运行的研究/;

interface Verdicts {
  readonly judged?: {
    readonly study: string;
    readonly startedAt: string;
    readonly steps: string[];
    readonly files: string[];
  };
  readonly verdicts: readonly Verdict[];
}

async function verdictsOf(folder: string): Promise<Verdicts> {
  return JSON.parse(await readFile(join(folder, 'verdicts.json'), 'utf8')) as Verdicts;
}

/** What ran: both commands of the first step have their records. */
const ranStudy = edit(smallStudy, [
  '- { run: ip netns list, capture: names',
  '- { run: ip netns add a, capture: added }\n          - { run: ip netns list, capture: names',
]);
const ranOutputs = { added: '', names: 'a\n', again: 'a\n' };

interface Judged extends Finished, Verdicts {
  /** Of the run, and of the new one. */
  readonly run: string;
  readonly folder: string;
}

async function judged(
  t: ExecutionContext,
  study: string,
  { script = smallScript, ...run }: SmallRun & { readonly script?: string } = {},
): Promise<Judged> {
  const folder = await smallRun(t, { study: ranStudy, printed: ranOutputs, ...run });
  const finished = await refigure(['judge', folder, '--study', await writeStudy(t, study, { 'make.sh': script })]);
  return { ...finished, run: folder, folder: `${folder}-judged-1`, ...(await verdictsOf(`${folder}-judged-1`)) };
}

/** Another name and another parser for a command that had one, a claim on a command that had none. */
const otherStudy = edit(
  smallStudy,
  [
    '{ run: ip netns list, capture: names, parse: namespaces }',
    '{ run: ip netns add a, capture: added }\n          - { run: ip netns list, capture: listed }',
  ],
  ['terminal: [names]', 'terminal: [listed]\n    shows: { origin: text, outputs: { listed: "a\\n" }, masks: [] }'],
  ['expect: names.namespaces.exists(n, n.name == "a")', 'expect: listed.lines == ["a"] && added.text == ""'],
);
test.serial('old evidence is judged by new claims, captures, figures and masks, and stays as it was', async (t) => {
  const before = edit(
    otherStudy,
    ['capture: added', 'capture: was_added'],
    ['capture: listed', 'capture: was_listed'],
    ['terminal: [listed]', 'terminal: [was_listed]'],
    ['outputs: { listed:', 'outputs: { was_listed:'],
    ['listed.lines == ["a"] && added.text == ""', 'was_listed.lines == ["b"]'],
  );
  const run = await smallRun(t, { study: before, printed: { was_added: '', was_listed: 'a\n', again: 'a\n' } });
  await writeReport(run, ['en', 'zh']);
  const old = await snapshot(run);
  const study = await writeStudy(t, otherStudy);
  const { status, stdout, stderr } = await refigure(['judge', run, '--study', study]);
  const folder = `${run}-judged-1`;
  t.is(status, 0, stderr);
  t.regex(stdout, /^Reproduced: all 2 claims are upheld/);
  t.deepEqual(await snapshot(run), old);

  const now = await snapshot(folder);
  for (const file of [
    'run.json',
    'journal/first.journal',
    'journal/second.journal',
    'journal/facts.journal',
    'guest/console.log',
  ]) {
    t.is(now.get(file), old.get(file), file);
  }
  t.deepEqual(
    [...now.keys()].filter((file) => file.startsWith('captures/')),
    ['captures/added.txt', 'captures/again.txt', 'captures/listed.txt'],
  );
  t.is(now.get('captures/listed.txt'), old.get('captures/was_listed.txt'));
  t.is(await readFile(join(folder, 'study/study.yaml'), 'utf8'), otherStudy);
});

test.serial(
  'the report, verdicts.json, the terminal and verify say that the study is not the one that ran',
  async (t) => {
    const study = edit(smallStudy, ['There is a', 'There is one a']);
    const { run, folder, stderr, judged: told } = await judged(t, study);
    const ran = studyDigest((await loadStudy(join(run, 'study'))).files);
    t.deepEqual(told, {
      startedAt: '2024-01-01T00:00:00.000Z',
      study: ran,
      digest: null,
      steps: [],
      files: [],
    } as Verdicts['judged']);
    t.regex(stderr, new RegExp(`^Note: the study of .*-judged-1 is not the one that ran\\..* digest ${ran}\\.\n$`));
    for (const file of ['report.md', 'report.zh.md', 'report.html', 'report.zh.html']) {
      const report = await readFile(join(folder, file), 'utf8');
      t.regex(report, note, file);
      t.true(report.includes(ran), file);
    }
    const verified = await refigure(['verify', folder]);
    t.is(verified.status, 0, verified.stderr);
    t.regex(verified.stdout, /\nNote: the study of .* is not the one that ran\./);
    await writeReport(run, ['en', 'zh']);
    t.notRegex(await readFile(join(run, 'report.md'), 'utf8'), note);
    t.false('judged' in (await verdictsOf(run)));
    const again = await refigure(['reproduce', folder]);
    t.is(again.status, 2);
    t.regex(again.stderr, /was judged by another study than ran[^]*Name the run itself: it began at 2024-01-01/);
  },
);

test.serial('what another command printed is not taken for a capture, and the reason is told', async (t) => {
  const study = edit(smallStudy, ['{ run: ip netns list, capture: again', '{ run: ip netns list-id, capture: again']);
  const { status, stdout, stderr, verdicts, folder, judged: told } = await judged(t, study);
  t.is(status, 1);
  t.like(verdicts[1], {
    state: 'undecided',
    reason: { kind: 'not-as-ran', observed: 'again', mismatch: { kind: 'other-command', ran: 'ip netns list' } },
  });
  t.regex(stdout, /the capture 'again' is missing: its command did not run, and in its place 'ip netns list' did/);
  t.regex(stderr, /Warning: in these steps other commands ran than this study has: second\/look\n/);
  t.deepEqual(told?.steps, ['second/look']);
  t.false(existsSync(join(folder, 'captures/again.txt')));
  t.is((await refigure(['verify', folder])).status, 0);
  t.regex(await readFile(join(folder, 'report.md'), 'utf8'), /in these steps other commands ran[^\n]*`second\/look`/i);
});

test.serial('a script that changed is told, and what it still has of the old one counts', async (t) => {
  const {
    status,
    stderr,
    verdicts,
    judged: told,
  } = await judged(t, smallStudy, { script: `# More.\n\n${smallScript}` });
  t.is(status, 0);
  t.is(verdicts[0]?.state, 'upheld');
  t.deepEqual(told?.files, ['make.sh']);
  t.regex(stderr, /Warning: these files of this study are not as they were when it ran: make\.sh\n/);
});

test.serial('an experiment that the run did not have leaves its claims undecided', async (t) => {
  const third = edit(
    smallStudy,
    [
      '\nfigures:',
      '\n  - id: third\n    section: "3"\n    title: { en: Third, zh: 第三 }\n    steps:\n      - id: look\n        title: { en: Look, zh: 看 }\n        origin: added\n        commands: [{ run: ip netns list, capture: third, parse: namespaces }]\nfigures:',
    ],
    ['expect: again.', 'expect: third.'],
  );
  const { status, verdicts } = await judged(t, third);
  t.is(status, 1);
  t.like(verdicts[1], { state: 'undecided', reason: { kind: 'missing', observed: 'third' } });
});

test.serial('an experiment that was not asked for stays so, also when what was judged is judged again', async (t) => {
  const { run, folder, verdicts } = await judged(t, edit(smallStudy, ['There is a', 'There is one a']), {
    record: { study: { id: 'small', file: 'study.yaml', experiments: ['first'] } },
  });
  t.like(verdicts[1]?.reason, { kind: 'not-run', experiment: 'second' });
  const study = await writeStudy(t, edit(smallStudy, ['There is a', 'There is some a']));
  t.is((await refigure(['judge', folder, '--study', study, '--out', `${run}-new`])).status, 0);
  const again = await verdictsOf(`${run}-new`);
  t.like(again.verdicts[1]?.reason, { kind: 'not-run', experiment: 'second' });
  t.is(again.judged?.study, studyDigest((await loadStudy(join(run, 'study'))).files));
});

test.serial(
  'a study that was edited in the run itself is judged by its copy, and what ran is told by the manifest',
  async (t) => {
    const run = await smallRun(t);
    const ran = studyDigest((await loadStudy(join(run, 'study'))).files);
    await editStudy(run, 'There is a', 'There is one a');
    const { status, stderr } = await refigure(['judge', run, '--study', join(run, 'study')]);
    t.is(status, 0, stderr);
    t.is((await verdictsOf(`${run}-judged-1`)).judged?.study, ran);
  },
);

test.serial('a huge output and one that was kept apart become captures again', async (t) => {
  const huge = `a\n${'b'.repeat(99)}\n`.repeat(180_000);
  const run = await smallRun(t);
  const look = [{ id: 'c1', text: 'ip netns list', output: huge, errorOutput: 'oops\n' }];
  await writeFile(join(run, 'journal/second.journal'), journalOf({ look }));
  await reseal(run);
  await writeFile(join(run, 'captures/again.txt'), huge);
  const study = await writeStudy(
    t,
    edit(smallStudy, ['capture: again', 'capture: repeated'], ['expect: again.', 'expect: repeated.']),
  );
  await refigure(['judge', run, '--study', study]);
  const folder = `${run}-judged-1`;
  t.true((await readFile(join(folder, 'captures/repeated.txt'), 'utf8')) === huge);
  t.is(await readFile(join(folder, 'captures/repeated.stderr.txt'), 'utf8'), 'oops\n');
  const verified = await refigure(['verify', '--evidence', folder]);
  t.is(verified.status, 0, verified.stderr);
});

test.serial('a run of the first format is judged, too', async (t) => {
  const run = await temporaryCopy(t, oldRun);
  const study = join(run, 'study');
  await editStudy(run, 'capture: isolated', 'capture: apart');
  await editStudy(run, /(?<![-\w])isolated(?=\.|\]|: \||,)/g, 'apart');
  const { status, stderr } = await refigure(['judge', run, '--study', study]);
  t.is(status, 0, stderr);
  const { verdicts, judged: told } = await verdictsOf(`${run}-judged-1`);
  t.deepEqual(told?.steps, []);
  t.true(verdicts.every(({ state }) => state === 'upheld'));
  t.is((await refigure(['verify', `${run}-judged-1`])).status, 0);
});

test.serial('what cannot be judged is refused with a reason, and leaves nothing behind', async (t) => {
  const run = await smallRun(t);
  const study = await writeStudy(t, edit(smallStudy, ['There is a', 'There is one a']));
  const refused = async (args: readonly string[], why: RegExp): Promise<void> => {
    const { status, stdout, stderr } = await refigure(['judge', ...args]);
    t.deepEqual([status, stdout], [2, ''], stderr);
    t.regex(stderr, why);
    t.false(existsSync(`${run}-judged-1`));
  };
  await refused([run], /required option '--study <study>'/);
  await refused([study, '--study', study], /holds no run[^]*Name the folder of a run/);
  const broken = await writeStudy(t, edit(smallStudy, ['n.name == "a"', 'n.nam == "a"']));
  await refused([run, '--study', broken], /study\.yaml:\d+:\d+: claim 'made'/);
  await refused([run, '--study', study, '--out', study], /is not empty[^]*--out/);
  await refused([run, '--study', study, '--out', join(run, 'new')], /lies in the run itself[^]*--out/);
  await refused([run, '--study', join(run, 'study')], /is the one that ran, to the byte[^]*refigure report/);
  const manifest = await readFile(join(run, 'manifest.json'));
  await rm(join(run, 'manifest.json'));
  await refused([run, '--study', study], /was not sealed[^]*refigure recover/);
  await writeFile(join(run, 'manifest.json'), manifest);
  await rm(join(run, 'guest/console.log'));
  await refused([run, '--study', study], /is not as it was sealed\. [^\n]*guest\/console\.log\./);
  await mkdir(join(run, 'guest/console.log'));
  await refused([run, '--study', study], /is not as it was sealed/);
});
