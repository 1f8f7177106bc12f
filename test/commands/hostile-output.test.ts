import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { packagePath } from '../../src/core/package.ts';
import { layout } from '../../src/evidence/layout.ts';
import { listFiles } from '../../src/evidence/run-files.ts';
import { editRecord, fixChecksum } from '../support/evidence.ts';
import { limits } from '../support/limits.ts';
import { smallRecord, smallRunIn } from '../support/saved-run.ts';
import { edit, smallStudy, writeStudyTo } from '../support/small-study.ts';
import { temporaryCopy, temporaryFolder } from '../support/temporary-folder.ts';
import { inherited, refigure } from './cli.ts';

// Whatever a guest prints, or a folder that was mailed holds, in any place: no command prints a byte on which a terminal acts.

/** A title, the clipboard, a screen cleared, C1, what turns the direction, what has no width, a command of GitHub's. */
const hostile =
  'X\u001b]0;TITLE\u0007\u001b]52;c;aGk=\u0007\u001b[2J\u009b31m\u0085\u007f\u0000\b\r\u202e\u2066\u200b\ufeff\u{e0041}\u2028Y';
/** The same as an escaped text of YAML; a NUL is refused there. */
const inYaml = hostile
  .replace('\0', '')
  .replaceAll(/[^]/gu, (character) => `\\U${(character.codePointAt(0) ?? 0).toString(16).padStart(8, '0')}`);
/** The same as the name of a file. */
const inName = hostile.replaceAll(/[\0\r]/g, '');

/** What a terminal acts on, and what turns or hides what stands around it. Line feeds and tabs are harmless. */
const acting = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\u{e0000}-\u{e007f}]/u;

const study = edit(
  smallStudy,
  ['title: { en: A small study, zh: 小研究 }', `title: { en: "${inYaml}", zh: "${inYaml}" }`],
  ['title: { en: Make a namespace, zh: 创建命名空间 }', `title: { en: "${inYaml}", zh: "${inYaml}" }`],
  ['caption: { en: The list, zh: 列表 }', `caption: { en: "${inYaml}", zh: "${inYaml}" }`],
  ['paper: { en: It lists a., zh: 列出 a。 }', `paper: { en: "${inYaml}", zh: "${inYaml}" }`],
  ['statement: { en: There is a, zh: 有 a }', `statement: { en: "${inYaml}", zh: "${inYaml}" }`],
  ['expect: again.namespaces.exists(n, n.name == "a")', `expect: again.namespaces.exists(n, n.name == "${inYaml}")`],
  [
    '    terminal: [names]\n',
    `    terminal: [names]
  - id: '2'
    origin: text
    caption: { en: Again, zh: 再 }
    paper: { en: None., zh: 无。 }
    terminal: [again]
    shows: { origin: text, outputs: { again: "${inYaml}" }, masks: [] }
  - id: '3'
    origin: added
    caption: { en: Not said, zh: 未说 }
    paper: { en: None., zh: 无。 }
    terminal: [again]
`,
  ],
);

/** A run in which everything that can be a stranger's text is hostile; it is as it was sealed. */
async function hostileRun(folder: string): Promise<string> {
  const run = await smallRunIn(folder, {
    study,
    printed: { names: `a\n${hostile}\n`, again: `${hostile}\n${hostile} (id: 1)\na\n` },
    facts: { system: `PRETTY_NAME="${hostile}"\n`, kernel: hostile, release: hostile, cpu: hostile },
    record: {
      host: { ...smallRecord.host, system: hostile, node: hostile },
      choice: { asked: hostile, passedOver: [{ guest: hostile, reason: hostile }] },
      guest: { ...(smallRecord.guest as NonNullable<typeof smallRecord.guest>), name: hostile, provider: hostile },
    },
  });
  await writeFile(join(run, layout.console), hostile);
  await fixChecksum(run, layout.console);
  return run;
}

interface Printed {
  readonly words: readonly string[];
  readonly text: string;
}

/** What each of these command lines prints on both streams, to pipes. */
async function printedBy(t: ExecutionContext, lines: readonly (readonly string[])[], cwd: string): Promise<Printed[]> {
  t.timeout(10 * limits.processMs);
  const list = join(await temporaryFolder(t), 'lines.json');
  await writeFile(list, JSON.stringify(lines));
  const child = packagePath('test/commands/hostile-child.ts');
  const words = ['--import', import.meta.resolve('tsx'), child, list];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, words, {
    cwd,
    env: inherited(),
    maxBuffer: 64 * 1024 * 1024,
  });
  const parts = [stdout, stderr].map((text) => text.split(/^=== \d+$/m).slice(1));
  return lines.map((words, at) => ({ words, text: parts.map((part) => part[at] ?? '').join('\n') }));
}

/** With `…` in place of what was checked, so that the message can be read. */
function actingIn(text: string): string | null {
  const at = text.search(acting);
  return at < 0 ? null : JSON.stringify(text.slice(Math.max(0, at - 60), at + 20));
}

test('no command prints what a terminal acts on, whatever a run, a study or an argument holds', async (t) => {
  const folder = await temporaryFolder(t);
  const run = await hostileRun(folder);
  const other = await temporaryCopy(t, run);
  // A study of the same that lacks what runs, and files whose names are hostile.
  const broken = join(folder, 'broken');
  await writeStudyTo(broken, edit(study, ['capture: again, parse: namespaces', `capture: again, parsee: "${inYaml}"`]));
  const unsealed = await temporaryCopy(t, run);
  await rm(join(unsealed, layout.manifest));
  const partial = await temporaryCopy(t, run);
  await editRecord(partial, (record) => {
    record.state = 'partial';
    record.reason = hostile;
  });
  await fixChecksum(partial, 'run.json');
  const stray = await temporaryCopy(t, run);
  if (process.platform !== 'win32') {
    await mkdir(join(stray, layout.captures, inName));
    await writeFile(join(stray, layout.captures, inName, inName), hostile);
  }
  const garbage = await temporaryCopy(t, run);
  await writeFile(join(garbage, 'run.json'), `{"${hostile}": 1`);
  const wrong = await temporaryCopy(t, run);
  await editRecord(wrong, (record) => {
    (record as unknown as Record<string, unknown>)['state'] = hostile;
  });
  const output = join(folder, 'output');
  await writeFile(output, `${hostile}\n`);
  const machine = join(folder, 'machine.yaml');
  await writeFile(machine, `format: 1\nname: "${inYaml}"\n${JSON.stringify(inName)}: 1\n`);
  const catalogue = join(folder, 'catalogue.yaml');
  await writeFile(catalogue, `guests: { "${inYaml}": 1 }\n`);
  const saved = join(run, 'study');
  const ran = join(folder, 'study');

  const printed = await printedBy(
    t,
    [
      ['report', run],
      ['report', run, '--lang', 'zh'],
      ['report', other],
      ['verify', run],
      ['verify', run, '--evidence'],
      ['verify', stray],
      ['verify', garbage],
      ['verify', wrong],
      ['report', partial],
      ['verify', partial],
      ['recover', unsealed],
      ['recover', run],
      ['open', run, '--print'],
      ['open', garbage, '--print'],
      ['explain', 'made', run],
      ['explain', 'kept', run],
      ['explain', 'kept', run, '--lang', 'zh'],
      ['explain', 'kept', run, '--json'],
      ['explain', hostile, run],
      ['diff', run, other],
      ['diff', run, partial],
      ['diff', run, partial, '--json'],
      ['diff', run, wrong],
      ['lint', ran],
      ['lint', broken],
      ['lint', '--mutate', saved, run],
      ['judge', run, '--study', saved, '--out', join(folder, 'same')],
      ['judge', run, '--study', broken, '--out', join(folder, 'judged')],
      ['judge', run, '--study', packagePath('experiments/netem'), '--out', join(folder, 'judged')],
      ['adopt', run, '--study', ran],
      ['adopt', run, hostile, '--study', ran],
      ['migrate', ran, '--out', join(folder, 'migrated.yaml')],
      ['migrate', broken],
      ...['ping', 'links', 'routes', 'neighbours', 'namespaces', 'json', 'csv', 'tap', 'tcpdump', 'number'].map(
        (kind) => ['observe', kind, output],
      ),
      ['observe', '{ regex: "(?<all>.*)" }', output],
      ['observe', hostile, output],
      ['observe', `{ regex: "(${hostile}" }`, output],
      ['run', ran, '--list'],
      ['run', ran, '--list', '--json'],
      ['run', broken],
      ['run', ran, '--only', hostile, '--guest', 'embedded'],
      ['run', ran, '--until', hostile, '--guest', 'embedded'],
      ['run', ran, '--guest', hostile],
      ['run', ran, '--guest', `ssh://${hostile}`],
      ['run', ran, '--guest', machine],
      ['run', ran, '--last-failed'],
      ['reproduce', garbage],
      ['reproduce', wrong],
      ['reproduce', run],
      ['guests', '--catalogue', catalogue],
      ['doctor', '--catalogue', catalogue],
      ['guests', 'fetch', hostile],
      ['new', join(folder, 'made'), '--yes', '--title', hostile],
      ['new', join(folder, hostile.replaceAll('\0', '')), '--yes'],
      ['shell', ran, '--at', hostile],
      ['record', join(folder, hostile.replaceAll('\0', '')), '--guest', hostile],
      [hostile],
      ['verify', `--${hostile}`],
      ['verify', join(folder, hostile.replaceAll('\0', ''))],
      ['lint', join(folder, hostile.replaceAll('\0', ''))],
    ],
    folder,
  );
  for (const { words, text } of printed) {
    t.is(actingIn(text), null, JSON.stringify(words));
    t.notRegex(text, /defect of Refigure|^ {4}at /m, JSON.stringify(words));
  }
  t.true(printed.filter(({ text }) => text.length > 40).length > 50);
  // Nor does a file of the report.
  for (const path of [run, partial].flatMap((each) => listFiles(each).map((file) => join(each, file)))) {
    if (!/[\\/](?:report\.(?:zh\.)?(?:md|html)|figures[\\/].*\.svg)$/.test(path)) continue;
    const text = (await readFile(path, 'utf8')).replaceAll(/<script[^]*?<\/script>/g, '');
    t.is(actingIn(text), null, path);
  }
});

test('a run of a hostile study, and what its commands print, is told to a pipe without what a terminal acts on', async (t) => {
  const folder = await temporaryFolder(t);
  const commands = `printf '${inYaml.replaceAll('%', '%%')}\\n'; exit 3`;
  await writeStudyTo(
    join(folder, 'study'),
    edit(study, [
      '- { run: ip netns list, capture: again, parse: namespaces }',
      `- { run: "${commands}", capture: again, parse: namespaces }`,
    ]),
  );
  const out = join(folder, 'run');
  const words = ['run', join(folder, 'study'), '--out', out, '--clock', 'virtual', '--reporter', 'plain'];
  const { status, stdout, stderr } = await refigure(words);
  t.is(status, 1, stderr);
  t.is(actingIn(stdout + stderr), null);
  const again = await refigure([...words.slice(0, -2), '--json'].with(3, `${out}-json`));
  t.is(again.status, 1, again.stderr);
  t.is(actingIn(again.stdout + again.stderr), null);
});
