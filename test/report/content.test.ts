import { access, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import test from 'ava';
import { layout } from '../../src/evidence/layout.ts';
import { openRun } from '../../src/evidence/open.ts';
import { languages } from '../../src/report/language.ts';
import { showCommand, transcript } from '../../src/report/model/transcript.ts';
import {
  copyOfOldRun,
  dropCommand,
  editStudy,
  oldRun,
  oldRunWithReport,
  replaceOutput,
  type Place,
} from '../support/evidence.ts';
import { cellsOf, nodesOf, parseMarkdown, sectionOf, textOf } from './markdown-tree.ts';
import { render } from './rendering.ts';

const isolated: Place = { experiment: 'no-veth', step: 'isolated', command: 'ip netns exec ns0 ping -c 4 10.1.1.2' };

test('every step, every figure, every claim and every command of another origin says where it comes from', async (t) => {
  const { markdown } = await render(oldRun);
  const { study } = (await openRun(oldRun)).loaded;
  const tree = parseMarkdown(markdown);
  const blocks = tree.children.map(textOf);

  for (const { steps } of study.experiments) {
    for (const [index, { title, origin }] of steps.entries()) {
      const heading = blocks.indexOf(`${index + 1}) ${title.en}`);
      t.true(heading >= 0, title.en);
      t.true(blocks[heading + 1]?.startsWith(`Origin: ${origin}`), title.en);
    }
  }
  const introductions = { text: 'The paper: ', reconstructed: 'Reconstructed: ', added: 'Added: ' };
  for (const { id, caption, origin } of study.figures) {
    const heading = blocks.indexOf(`Figure ${id}: ${caption.en}`);
    t.true(heading >= 0, id);
    t.true(blocks[heading + 1]?.startsWith(introductions[origin]), id);
  }
  const [table] = nodesOf(sectionOf(tree, 'Claims'), 'table');
  const rows = table === undefined ? [] : cellsOf(table).slice(1);
  t.deepEqual(
    rows.map(([, verdict, origin]) => [verdict, origin]),
    study.claims.map(({ origin }) => ['✅ upheld', origin]),
  );
  const commandRows = nodesOf(tree, 'table').flatMap(cellsOf);
  for (const { run, origin } of study.experiments.flatMap(({ steps }) =>
    steps.flatMap(({ commands }) => commands ?? []),
  )) {
    if (origin !== undefined)
      t.true(
        commandRows.some(([command, shown]) => command === run && shown === origin),
        run,
      );
  }
  t.regex(textOf(sectionOf(tree, 'Claims')), /text: Stated by the paper's text\..*reconstructed: .*added: /s);
});

test('every figure stands once, those of the paper in its order, each with a picture and its words', async (t) => {
  const { markdown, files } = await render(oldRun);
  const { study } = (await openRun(oldRun)).loaded;
  const tree = parseMarkdown(markdown);
  const images = nodesOf(tree, 'image');
  const shown = images.map(({ url }) => /^figures\/figure-(.+)\.svg$/.exec(url)?.[1] ?? url);
  t.deepEqual(shown.slice(0, 7), ['1', '2', '3', '4', '5', '6', '7']);
  t.deepEqual([...shown].sort(), study.figures.map(({ id }) => id).sort());
  for (const { url, alt } of images) {
    t.regex(alt ?? '', /^Figure \S+: .+/);
    t.true(files.has(url));
  }
  t.is(nodesOf(tree, 'html').filter(({ value }) => value.includes('As text')).length, images.length);
});

test('figures 2 to 6 show the command after the prompt of the paper, then its whole output', async (t) => {
  const { markdown } = await render(oldRun);
  const blocks = nodesOf(parseMarkdown(markdown), 'code').map(({ value }) => value);
  for (const id of ['ns0_address', 'ns1_address', 'ns0_local', 'ns1_local', 'isolated']) {
    const { study } = (await openRun(oldRun)).loaded;
    const command = study.experiments
      .flatMap(({ steps }) => steps.flatMap((step) => step.commands ?? []))
      .find((candidate) => candidate.capture === id);
    const printed = await readFile(join(oldRun, 'captures', `${id}.txt`), 'utf8');
    const whole = `[root@k8s-master ~]# ${command?.run ?? ''}\n${printed}`;
    const seen = blocks.filter((block) => trimLines(block).includes(trimLines(whole)));
    t.true(seen.length >= 2, `${id}: in the transcript and beside the figure`);
  }
});

/** A terminal does not show blanks at the end of a line. */
function trimLines(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .trimEnd();
}

for (const language of languages) {
  test(`every link and picture of the report leads to a file of the run, and to a line that it has (${language})`, async (t) => {
    const folder = await oldRunWithReport();
    const path = join(folder, layout.report(language));
    const tree = parseMarkdown(await readFile(path, 'utf8'));
    const targets = [...nodesOf(tree, 'link'), ...nodesOf(tree, 'image')].map(({ url }) => url);
    t.true(targets.length > 40);
    for (const target of targets) {
      const [file = '', fragment] = target.split('#');
      const absolute = join(dirname(path), decodeURI(file));
      await t.notThrowsAsync(access(absolute), target);
      if (fragment === undefined) continue;
      const lines = (await readFile(absolute, 'utf8')).split('\n').length;
      t.true(Number(/^L(\d+)$/.exec(fragment)?.[1]) <= lines, target);
    }
  });
}

test('a figure that could not be drawn says why in its place, and has no picture', async (t) => {
  const folder = await copyOfOldRun(t);
  await dropCommand(folder, isolated);
  const place = { experiment: 'veth', step: 'create:topology', command: 'ip -n ns1 -d address' };
  await replaceOutput(folder, place, 'Cannot open network namespace "ns1": No such file or directory\n');
  const { markdown, files } = await render(folder);
  t.regex(markdown, /#### Figure 6: .*\n\n.*\n\nThis figure could not be drawn: the capture `isolated` is missing/);
  t.regex(
    markdown,
    /#### Figure 7: .*\n\n.*\n\nThis figure could not be drawn: the capture `joined` cannot be read: `.*ns1/,
  );
  t.false(files.has('figures/figure-6.svg'));
  t.false(files.has('figures/figure-7.svg'));
  t.true(files.has('figures/figure-5.svg'));
});

test('a claim with a quotation and no section, and one with neither, have their rows', async (t) => {
  const folder = await copyOfOldRun(t);
  await editStudy(folder, /(id: ns0-local\n    origin: text\n)    section: '2.1'\n/, '$1');
  const { markdown } = await render(folder);
  t.regex(markdown, /The local network of ns0 works<br>“可见ns0本地网络正常的” \|/);
});

test('each experiment leads to its recording, says how to play it, and whether its times are whole', async (t) => {
  const folder = await copyOfOldRun(t);
  const note = /When each line came was not noted/g;
  for (const id of ['no-veth', 'veth']) await rm(join(folder, layout.arrivals(id)), { force: true });
  const { markdown } = await render(folder);
  for (const id of ['no-veth', 'veth']) {
    t.true(
      markdown.includes(
        `[the recording](recordings/${id}.cast), which \`asciinema play recordings/${id}.cast\` plays.`,
      ),
    );
  }
  t.is(markdown.match(note)?.length, 2);
  await writeFile(join(folder, layout.arrivals('veth')), 'refigure-arrivals 1\n0 10\n');
  t.is((await render(folder)).markdown.match(note)?.length, 1);
});

test('separate standard error stands in the transcript after the output', (t) => {
  const command = {
    number: 1,
    step: 's',
    purpose: 'study',
    id: 'c1',
    subject: null,
    text: 'x\ny',
    outputAt: 0,
    startS: 0,
    background: null,
    end: { uptimeS: 1, status: 1, how: 'exited' },
  } as const;
  const shown = transcript(
    '#',
    [
      showCommand(
        { ...command, output: Buffer.from('out'), rest: null, errorOutput: Buffer.from('err\n'), errorRest: null },
        { journal: 'journal/x.journal' },
      ),
    ],
    { more: (bytes) => `[${bytes} more]`, remark: () => '' },
  );
  t.is(shown, '# x\n> y\nout\nerr\n');
});
