import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { packagePath, packageVersion } from '../../src/core/package.ts';
import { writeReport } from '../../src/report/write-report.ts';
import { snapshot } from '../support/evidence.ts';
import { smallRun } from '../support/saved-run.ts';
import { edit, smallStudy, writeStudy } from '../support/small-study.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { testWith } from '../support/tools.ts';
import { parseLines } from '../reporter/json-lines.ts';
import { refigure } from './cli.ts';

// One process after another: each is a Node of its own, and machines have few cores.

interface Help {
  /** As it is typed: `guests fetch`, say; empty for the program itself. */
  readonly command: string;
  readonly text: string;
}

/** What --help says of the program, and of every subcommand that it names, at any depth. */
async function helpOf(t: ExecutionContext, command: readonly string[] = []): Promise<Help[]> {
  const { status, stdout, stderr } = await refigure([...command, '--help']);
  t.deepEqual([status, stderr], [0, ''], command.join(' '));
  const list = /\nCommands:\n((?: .*\n)*)/.exec(stdout)?.[1] ?? '';
  const names = [...list.matchAll(/^ {2}(\S+)/gm)].flatMap(([, name = '']) => (name === 'help' ? [] : [name]));
  const found: Help[] = [{ command: command.join(' '), text: stdout }];
  for (const name of names) found.push(...(await helpOf(t, [...command, name])));
  return found;
}

test.serial('--help tells of the program and of every subcommand, and of the exit statuses', async (t) => {
  const [program, ...subcommands] = await helpOf(t);
  for (const status of [0, 1, 2, 69, 130]) t.regex(program?.text ?? '', new RegExp(`^  ${status} +\\S`, 'm'));
  for (const { command, text } of subcommands) {
    t.regex(text, new RegExp(`^Usage: refigure ${command} `), command);
    t.regex(text, /--version/, command);
    const version = await refigure([...command.split(' '), '--version']);
    t.deepEqual(version, { status: 0, stdout: `${packageVersion}\n`, stderr: '' }, command);
  }
  const readme = await readFile(packagePath('README.md'), 'utf8');
  t.deepEqual(
    subcommands.map(({ command }) => command).sort(),
    [...readme.matchAll(/^\| `refigure ([a-z ]+[a-z])\b/gm)].map(([, command = '']) => command).sort(),
    'README has a row for each',
  );
  const helpOn = (name: string): string => subcommands.find(({ command }) => command === name)?.text ?? '';
  // What is verified ran before; an audit runs it again, and not from what an earlier run has left.
  t.regex(helpOn('verify'), /refigure run --cold/);
  t.regex(helpOn('run'), /--cold +boot the guest from nothing[^]*for an\s+audit/);
});

test.serial('--version tells the version', async (t) => {
  t.deepEqual(await refigure(['--version']), { status: 0, stdout: `${packageVersion}\n`, stderr: '' });
});

test.serial('what the command line does not know is status 2, named, with a hint', async (t) => {
  const study = await writeStudy(t, smallStudy);
  const cases: [args: string[], message: RegExp][] = [
    [[], /Usage: refigure/],
    [['rnu'], /unknown command 'rnu'[^]*Did you mean run\?[^]*--help/],
    [['run', '--ouput', 'x'], /unknown option '--ouput'[^]*Did you mean --out\?[^]*--help/],
    [['report'], /missing required argument 'run'[^]*--help/],
    [['report', study, '--lang', 'fr'], /'fr' is invalid[^]*en, zh/],
    [['verify', 'a', 'b'], /too many arguments/],
    [['run', '--json', '--quiet'], /'--json' cannot be used with option '--quiet'/],
    [['run', '--json', '--reporter', 'plain'], /'--json' cannot be used with option '--reporter/],
    [['run', '--reporter', 'plain,lsit'], /no reporter 'lsit'[^]*list, plain, json, quiet, github/],
    [['run', study, '--guest', 'embeded'], /no guest 'embeded'[^]*embedded[^]*refigure guests/],
    [['run', study, '--only', 'secon'], /no experiment 'secon'[^]*first, second/],
    [
      ['run', '--guest', 'ssh://me:secret@host'],
      /cannot be read: it holds a password\.\nIt reads ssh:\/\/user@host:port/,
    ],
    [['run', '--guest', 'ssh://host', '--keep'], /--keep[^]*it is left as it was before the run\.\nLeave --keep out/],
    [['run', '--guest', 'ssh://host', '--cold'], /--cold[^]*runs already, and no run restarts it\.\nLeave --cold out/],
    [['run', 'no/such/study'], /no study at no\/such\/study[^]*Name a study file/],
    [['lint', 'src'], /The folder src holds no study\.yaml/],
  ];
  for (const [args, message] of cases) {
    const { status, stdout, stderr } = await refigure(args);
    t.is(status, 2, args.join(' '));
    t.is(stdout, '', args.join(' '));
    t.regex(stderr, message, args.join(' '));
    t.notRegex(stderr, /^ +at /m, 'no stack trace');
  }
});

test.serial('lint says that a good study has no problems, and lists all problems of a broken one', async (t) => {
  const third = [
    'claims:\n',
    'claims:\n  - { id: more, origin: text, statement: { en: x, zh: x }, expect: size(names.namespaces) > 0 }\n',
  ] as const;
  const good = await refigure(['lint', await writeStudy(t, edit(smallStudy, third))]);
  t.is(good.status, 0);
  t.regex(good.stdout, /study\.yaml: no problems \(2 experiments, 1 figures, 3 claims\)\n$/);

  const folder = await writeStudy(
    t,
    edit(
      smallStudy,
      ['year: 2024', 'yaer: 2024'],
      ['after: first', 'after: frist'],
      ['names.namespaces', 'nmaes.namespaces'],
    ),
  );
  const bad = await refigure(['lint', folder]);
  t.is(bad.status, 2);
  t.is(bad.stdout, '');
  const places = bad.stderr.split('\n').flatMap((line) => /study\.yaml:(\d+:\d+): /.exec(line)?.[1] ?? []);
  t.deepEqual(places, ['8:3', '33:12', '51:13']);
  t.regex(bad.stderr, /did you mean 'year'[^]*did you mean 'first'[^]*did you mean 'names'/);

  const run = await refigure(['run', folder, '--out', join(folder, 'out')]);
  t.is(run.status, 2);
  t.is(run.stderr, bad.stderr, 'run says the same, before anything boots');

  const json = await refigure(['run', folder, '--out', join(folder, 'out'), '--json', '--guest', 'embedded']);
  t.is(json.stderr, bad.stderr);
  const [exit, ...others] = parseLines(t, json.stdout);
  t.deepEqual(others, []);
  const { problems } = exit?.['failure'] as { problems: { line: number; column: number }[] };
  t.like(exit, { kind: 'exit', status: 2, failure: { name: 'StudyError' } });
  t.deepEqual(
    problems.map(({ line, column }) => `${line}:${column}`),
    places,
  );
});

test.serial('a guest that cannot be had is told in JSON, too, after the start of the run', async (t) => {
  const folder = join(await temporaryFolder(t), 'run');
  const { status, stdout, stderr } = await refigure(['run', '--out', folder, '--json'], {
    preload: 'little-memory.mjs',
  });
  t.is(status, 69);
  const events = parseLines(t, stdout);
  t.deepEqual(
    events.map(({ kind }) => kind),
    ['run-start', 'exit'],
  );
  const { message, hint } = events[1]?.['failure'] as { message: string; hint: string };
  t.is(`${message}\n${hint}\n`, stderr);
  t.false(existsSync(folder));
});

test.serial(
  'a study that does not declare what it makes is refused for a machine of yours, before it is reached',
  async (t) => {
    const folder = await writeStudy(t, smallStudy);
    const out = join(folder, 'out');
    const { status, stderr } = await refigure(['run', folder, '--guest', 'ssh://no-such-host.invalid', '--out', out]);
    t.is(status, 2);
    t.regex(stderr, /^The study small does not declare what it makes[^]*\nDeclare it as `makes`/);
    t.false(existsSync(out));
    t.regex((await refigure(['guests', '--help'])).stdout, /ssh:\/\/user@host:port/);
  },
);

test.serial('guests lists the guests, and says of one that cannot run here why and what to do', async (t) => {
  const here = await refigure(['guests']);
  t.is(here.status, 0);
  t.regex(here.stdout, /^centos-7\.6 +CentOS 7\.6\.1810, the paper's own release/);
  t.regex(here.stdout, /^embedded +our mini image[^\n]*\n +available\n/m);
  const small = await refigure(['guests'], { preload: 'little-memory.mjs' });
  t.is(small.status, 0);
  t.regex(small.stdout, /not available: it needs \d+ MiB of memory, and this machine has 300 MiB\n +Raise/);
});

test.serial('too little memory is status 69 before anything is begun', async (t) => {
  const folder = join(await temporaryFolder(t), 'run');
  const { status, stderr } = await refigure(['run', '--out', folder, '--quiet'], { preload: 'little-memory.mjs' });
  t.is(status, 69);
  t.regex(stderr, /needs \d+ MiB of memory, and this machine has 300 MiB\.\nRaise the memory limit/);
  t.false(existsSync(folder));
});

/** A PATH with no program on it but a Vagrant that says this. */
async function pathWithVagrant(t: ExecutionContext, says: string): Promise<string> {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'vagrant'), `#!/bin/sh\necho '${says}'\n`);
  await chmod(join(folder, 'vagrant'), 0o755);
  return folder;
}

const testUnix = testWith.serial('procfs');

testUnix('a guest that was named and cannot run here is status 69, with the reason and what to do', async (t) => {
  const run = ['run', '--guest', 'centos-7.6', '--quiet', '--out', join(await temporaryFolder(t), 'run')];
  const without = await refigure(run, { env: { PATH: await temporaryFolder(t) } });
  t.is(without.status, 69);
  t.regex(
    without.stderr,
    /^The guest centos-7\.6: (Vagrant is not installed|it is an x86_64 machine)[^]*\n(Install it|Use)/,
  );
  const useless = await refigure(run, { env: { PATH: await pathWithVagrant(t, 'no ruby here') } });
  t.is(useless.status, 69);
  // What else is missing depends on the machine; something is.
  t.regex(useless.stderr, /^The guest centos-7\.6: \S[^]*\n\S/);
});

testUnix('doctor says of each thing what it is, and of what is amiss what to do', async (t) => {
  const broken = await pathWithVagrant(t, 'no ruby here');
  const { status, stdout, stderr } = await refigure(['doctor'], { env: { PATH: broken } });
  t.is(status, 0);
  t.is(stderr, '');
  for (const about of [
    'processor',
    'virtualisation',
    'KVM',
    'memory',
    'disk',
    'Vagrant',
    'VirtualBox',
    'libvirt',
    'QEMU',
  ]) {
    t.regex(stdout, new RegExp(`^(ok|note|problem) +${about} +\\S`, 'm'), about);
  }
  t.regex(stdout, /^problem +Vagrant +does not work: no ruby here\n +Install 2\./m);
  // Twice, since there are two ways to boot it.
  t.regex(stdout, /^problem +guest centos-7\.6 \(Vagrant\) +\S/m);
  t.regex(stdout, /^problem +guest centos-7\.6 \(QEMU\) +QEMU is not installed/m);
  t.regex(stdout, /^ok +guest embedded \(v86\) +can run here$/m);

  const old = await refigure(['doctor', '--json'], { env: { PATH: await pathWithVagrant(t, 'Vagrant 2.2.9') } });
  const findings = old.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, string>);
  t.like(
    findings.find(({ about }) => about === 'Vagrant'),
    { state: 'problem', text: '2.2.9 is too old' },
  );
  const guests = findings.flatMap(({ about }) => (about?.startsWith('guest') === true ? about : []));
  t.is(new Set(guests).size, 4, 'each way to boot one has a name of its own');
  for (const { state, remedy } of findings) t.is(state === 'ok', remedy === undefined);
});

testUnix('guests fetch says what can be fetched, and why it cannot be here', async (t) => {
  const unknown = await refigure(['guests', 'fetch', 'embedded']);
  t.is(unknown.status, 2);
  t.regex(unknown.stderr, /no guest 'embedded'\.\nGuests: centos-7\.6\./);
  const without = await refigure(['guests', 'fetch', 'centos-7.6'], { env: { PATH: await temporaryFolder(t) } });
  t.is(without.status, 69);
  t.regex(without.stderr, /^The guest centos-7\.6: /);
});

test.serial('guests fetch takes an image file for a guest that has an image, and that one only', async (t) => {
  const folder = await temporaryFolder(t);
  const [catalogue, image] = [join(folder, 'mine.yaml'), join(folder, 'my.img')];
  const images = [{ format: 'qcow2', name: 'a-1', file: 'a.qcow2', user: 'me', urls: ['file:///none/such'] }];
  const guest = { description: 'a', release: { file: '/etc/a', contains: 'a' }, architecture: 'x86_64', images };
  await writeFile(catalogue, JSON.stringify({ format: 1, guests: { a: guest } }));
  await writeFile(image, Buffer.concat([Buffer.from('QFI\xfb\0\0\0\x03', 'latin1'), Buffer.alloc(1000)]));
  const fetch = (name: string, ...args: string[]): ReturnType<typeof refigure> =>
    refigure(['guests', 'fetch', name, '--catalogue', catalogue, ...args], { env: { REFIGURE_CACHE: folder } });
  const taken = await fetch('a', '--image', image);
  t.is(taken.status, 0, taken.stderr);
  t.deepEqual(await readFile(join(folder, 'images', 'a-1', 'a.qcow2')), await readFile(image));
  const again = await fetch('a', '--image', image);
  t.is(again.status, 2);
  t.regex(again.stderr, /The image a-1 is here already\.\nRemove it first: .*a\.qcow2/);
  const other = await fetch('b', '--image', image);
  t.is(other.status, 2);
  t.regex(other.stderr, /has no image for a guest 'b'/);
  t.is((await fetch('a', '--image', image, '--box', image)).status, 2);
  const box = await fetch('a', '--box', image);
  t.is(box.status, 69);
  t.regex(box.stderr, /The guest a: (the catalogue has no Vagrant box of it|it is an x86_64 machine)/);
});

test.serial('a catalogue that is broken is status 2, and says what is wrong with it', async (t) => {
  const path = join(await temporaryFolder(t), 'mine.yaml');
  await writeFile(path, 'format: 2\nguests: {}\n');
  for (const args of [['run', '--guest', 'auto'], ['guests'], ['guests', 'fetch', 'a'], ['doctor']]) {
    const { status, stderr } = await refigure([...args, '--catalogue', path]);
    t.is(status, 2, args.join(' '));
    t.regex(stderr, /The catalogue of guests .*mine\.yaml cannot be used:[^]*format/, args.join(' '));
  }
});

test.serial('a Node that is too old is told so before anything is loaded', async (t) => {
  const { status, stdout, stderr } = await refigure(['--version'], { preload: 'old-node.mjs' });
  t.is(status, 69);
  t.is(stdout, '');
  t.regex(stderr, /^Refigure needs Node 20\.19 or later; this is Node 20\.18\.3\.\nInstall a newer Node/);
});

test.serial('a folder that holds a run already is refused, and stays as it is byte for byte', async (t) => {
  const folder = await smallRun(t);
  const before = await snapshot(folder);
  const { status, stderr } = await refigure(['run', '--out', folder]);
  t.is(status, 2);
  t.regex(stderr, /holds a run already; a run is never written over\.\nName a new folder with --out\./);
  t.deepEqual(await snapshot(folder), before);
});

test.serial('a folder that holds anything else is refused, too', async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'thesis.tex'), 'ten years');
  const { status, stderr } = await refigure(['run', '--out', folder]);
  t.is(status, 2);
  t.regex(stderr, /is not empty/);
  t.deepEqual([...(await snapshot(folder)).keys()], ['thesis.tex']);
});

test.serial('a folder that cannot be made is status 69, and says which', async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'file'), '');
  const { status, stdout, stderr } = await refigure(['run', '--out', join(folder, 'file', 'run')]);
  t.is(status, 69);
  t.is(stdout, '');
  t.regex(stderr, /file\/run cannot be written: ENOTDIR[^]*--out/);
});

test.serial('report makes all reports again, byte for byte, and says where those asked for are', async (t) => {
  const folder = await smallRun(t, { facts: {} });
  await writeReport(folder, ['en', 'zh']);
  const before = await snapshot(folder);
  await writeFile(join(folder, 'report.md'), '');
  await writeFile(join(folder, 'report.zh.md'), '');
  await writeFile(join(folder, 'report.html'), '');
  const english = await refigure(['report', folder]);
  t.deepEqual(english, {
    status: 0,
    stdout: `Upheld on a stand-in: all 2 claims are upheld, but not on the machine of the paper.\n${join(folder, 'report.md')}\n${join(folder, 'report.html')}\n`,
    stderr: '',
  });
  const chinese = await refigure(['report', folder, '--lang', 'zh']);
  t.is(chinese.status, 0);
  t.regex(chinese.stdout, /^在替代环境中成立.*\n.*report\.zh\.md\n.*report\.zh\.html\n$/);
  t.deepEqual(await snapshot(folder), before);
});

test.serial('verify is 0 for a sound run, 1 for one that is off, and 2 where there is none', async (t) => {
  const folder = await smallRun(t);
  await writeReport(folder, ['en', 'zh']);
  const sound = await refigure(['verify', `${folder}/`]);
  t.is(sound.status, 0);
  t.regex(
    sound.stdout,
    /: sound\. \d+ files of evidence .*\(en, zh\) come out the same\.\nClaims: 2 upheld, 0 refuted, 0 undecided\.\n$/,
  );

  await writeFile(join(folder, 'captures', 'names.txt'), 'b\n');
  const off = await refigure(['verify', folder]);
  t.is(off.status, 1);
  t.is(off.stdout, '');
  t.regex(off.stderr, /: captures\/names\.txt: its SHA-256 is /);

  const none = await temporaryFolder(t);
  await mkdir(join(none, 'run'));
  const missing = await refigure(['verify', join(none, 'run')]);
  t.is(missing.status, 2);
  t.regex(missing.stderr, /holds no run[^]*Name the folder of a run/);
  t.is((await refigure(['report', join(none, 'run')])).status, 2);
});

test.serial('any folder may be the current one', async (t) => {
  const folder = await writeStudy(t, smallStudy);
  const { status, stdout } = await refigure(['lint', '.'], { cwd: folder });
  t.is(status, 0);
  t.regex(stdout, /^study\.yaml: no problems/);
  t.is((await refigure(['lint', await writeStudy(t, smallStudy)], { cwd: folder })).status, 0);
});
