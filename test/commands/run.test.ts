import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import ssh2 from 'ssh2';
import { verifyRun } from '../../src/audit/verify.ts';
import { openRun } from '../../src/evidence/open.ts';
import { readCast } from '../recording/casts.ts';
import { edit, smallStudy, writeStudy } from '../support/small-study.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { Cli, refigure, type Finished } from './cli.ts';
import { parseLines } from '../reporter/json-lines.ts';

// A real guest each time, so one test after another: at most two guests run at once on a machine, over all test files.

test.serial(
  'with --json each line is an event as it is documented, and nothing else; on a stand-in the status is 0',
  async (t) => {
    const study = await writeStudy(t, smallStudy);
    const folder = join(await temporaryFolder(t), 'run');
    const { status, stdout, stderr } = await refigure(['run', study, '--out', folder, '--json']);
    t.is(status, 0);
    t.is(stderr, '');
    t.true(stdout.endsWith('}\n'));
    const events = parseLines(t, stdout);
    t.deepEqual(
      events.filter(({ kind }) => kind === 'boot').map(({ phase }) => phase),
      ['loading', 'booting'],
      'nothing connects to a guest whose clock is virtual',
    );
    t.deepEqual(
      events.flatMap(({ kind, command }) => (kind === 'command-start' ? [command] : [])),
      ['ip netns add a', 'ip netns list', 'ip netns list'],
    );
    const lines = events.flatMap(({ kind, line }) => (kind === 'output' ? [line] : []));
    t.deepEqual(lines, ['a', 'a'], 'every line that a command printed');
    t.like(
      events.find(({ kind }) => kind === 'report-end'),
      {
        state: 'complete',
        folder,
        report: join(folder, 'report.md'),
        page: join(folder, 'report.html'),
        summary: {
          outcome: 'upheld',
          headline: 'Upheld on a stand-in: all 2 claims are upheld, but not on the machine of the paper.',
          claims: { upheld: 2, refuted: 0, undecided: 0, asExpected: 0, skipped: 0, notExamined: 0 },
        },
      },
    );
    t.like(events.at(-1), { kind: 'exit', status: 0, failure: null });
    t.like(await verifyRun(folder), { state: 'sound', languages: ['en', 'zh'] });
  },
);

test.serial('replies to a ping are in the recording about a second apart', async (t) => {
  const ping = 'ping -c 3 127.0.0.1';
  const script = `ip netns add a\nip netns list\nip link set lo up\n${ping}\n`;
  const folder = join(await temporaryFolder(t), 'run');
  const study = await writeStudy(t, smallStudy, { 'make.sh': script });
  const { status, stderr } = await refigure(['run', study, '--out', folder, '--quiet', '--only', 'first']);
  t.is(status, 0, stderr);
  const { events } = readCast(await readFile(join(folder, 'recordings', 'first.cast'), 'utf8'));
  const times = [1, 2, 3].map((number) => events.find(([, text]) => text.includes(`icmp_seq=${number} `))?.[0] ?? NaN);
  const [first = NaN, second = NaN, third = NaN] = times;
  const typed = events.find(([, text]) => text === `${ping}\r\n`)?.[0] ?? NaN;
  t.true(typed <= first && first < second && second < third, times.join(' '));
  // Two seconds by the guest's clock; how long word of a reply takes depends on the machine.
  t.true(third - first > 1 && third - typed < 4, times.join(' '));
});

test.serial('a refuted claim is status 1; without a terminal the progress is plain lines', async (t) => {
  const study = await writeStudy(
    t,
    edit(smallStudy, ['again.namespaces.exists(n, n.name == "a")', 'again.namespaces.exists(n, n.name == "b")']),
  );
  const parent = await temporaryFolder(t);
  const { status, stdout, stderr } = await refigure(['run', study, '--out', './run/'], { cwd: parent });
  t.is(status, 1);
  t.is(stderr, '');
  t.notRegex(stdout, /[\u0000-\u0009\u000b-\u001f\u007f\u009b]/, 'no control characters');
  t.regex(stdout, /Boot the guest[^]*ip netns add a[^]*Write the report/);
  t.regex(
    stdout,
    /\nNot reproduced: 1 of 2 claims refuted, 1 upheld, 0 undecided\.\nkept: refuted: It is still there\n {2}Expected: again\.namespaces\.exists\(n, n\.name == "b"\)\n(?: +.*\n)*Report: run\/report\.md\nPage: run\/report\.html\n$/,
  );
  t.is((await verifyRun(join(parent, 'run'))).state, 'sound');
});

test.serial(
  'with --quiet a run that is upheld prints nothing; --only runs what it names and what that needs',
  async (t) => {
    const study = await writeStudy(t, smallStudy);
    const folder = join(await temporaryFolder(t), 'run');
    const finished = await refigure(['run', study, '--out', folder, '--quiet', '--only', 'first']);
    t.deepEqual(finished, { status: 0, stdout: '', stderr: '' });
    const { record, journals } = await openRun(folder);
    t.deepEqual(record.study.experiments, ['first']);
    t.deepEqual([...journals.keys()], ['first']);
    t.regex(await readFile(join(folder, 'report.md'), 'utf8'), /the experiment `second` was not asked for/);
  },
);

test.serial('with --require-release a stand-in is status 69, and its evidence is kept', async (t) => {
  const study = await writeStudy(t, smallStudy);
  const folder = join(await temporaryFolder(t), 'run');
  const { status, stdout, stderr } = await refigure(['run', study, '--out', folder, '--quiet', '--require-release']);
  t.is(status, 69);
  t.is(stdout, '');
  t.regex(stderr, /The guest is not Any Linux 1: Refigure mini guest/);
  t.true(stderr.includes(folder));
  t.is((await verifyRun(folder)).state, 'sound');
});

test.serial('auto takes the embedded guest where nothing better runs, and the report says why', async (t) => {
  const study = await writeStudy(t, smallStudy);
  const [base, bare] = [await temporaryFolder(t), await temporaryFolder(t)];
  const run = (...more: string[]): Promise<Finished> =>
    refigure(['run', study, '--guest', 'auto', '--only', 'first', ...more], { env: { PATH: bare } });
  const plain = await run('--out', join(base, 'plain'));
  t.is(plain.status, 0, plain.stderr);
  t.regex(plain.stdout, /^Guest: embedded \(centos-7\.6 \(Vagrant\): [^\n]+\)\n/);
  const json = await run('--out', join(base, 'json'), '--json');
  const chosen = parseLines(t, json.stdout).find(({ kind }) => kind === 'guest-chosen');
  t.like(chosen, { guest: 'embedded', asked: 'auto', passedOver: [{ guest: 'centos-7.6 (Vagrant)' }] });
  for (const [language, note] of [
    ['report.md', 'the better ones could not be had:'],
    ['report.zh.md', '以下更合适的虚拟机不可用'],
  ] as const) {
    const report = await readFile(join(base, 'plain', language), 'utf8');
    t.regex(report, new RegExp(`${note}[^\\n]*\\n\\n- \`centos-7\\.6 \\(Vagrant\\)\`[：:] ?\``));
  }
  t.like(await verifyRun(join(base, 'plain')), { state: 'sound' });
});

test.serial('with --keep the guest can be entered until Ctrl-C, which then is no failure', async (t) => {
  const study = await writeStudy(t, smallStudy);
  const folder = join(await temporaryFolder(t), 'run');
  const cli = new Cli(['run', study, '--out', folder, '--keep', '--json']);
  const { port, key, knownHosts, username } = await cli.event({ kind: 'kept' });
  const hostKey = (await readFile(String(knownHosts), 'utf8')).trim().split(' ').at(-1);
  const output = await execute({
    host: '127.0.0.1',
    port: Number(port),
    username: String(username),
    privateKey: await readFile(String(key), 'utf8'),
    hostVerifier: (offered: Buffer) => offered.toString('base64') === hostKey,
  });
  t.regex(output, /^a( \(id: \d+\))?\n$/, 'the namespace of the study is there');
  cli.interrupt();
  const { status, stdout } = await cli.finished;
  t.is(status, 0);
  parseLines(t, stdout);
  await t.throwsAsync(readFile(String(key)), { code: 'ENOENT' }, 'the key is gone');
});

function execute(config: ssh2.ConnectConfig): Promise<string> {
  return new Promise((resolve, reject) => {
    const client = new ssh2.Client();
    client.on('error', reject);
    client.on('ready', () => {
      client.exec('ip netns list', (error, channel) => {
        if (error) {
          reject(error);
          return;
        }
        let output = '';
        channel.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
        channel.on('close', () => {
          client.end();
          resolve(output);
        });
      });
    });
    client.connect(config);
  });
}

test.serial('a reader that goes away ends the printing, and not the run', async (t) => {
  const study = await writeStudy(t, smallStudy);
  const folder = join(await temporaryFolder(t), 'run');
  const cli = new Cli(['run', study, '--out', folder, '--json']);
  await cli.event({ kind: 'boot' });
  cli.closeOutput();
  const { status, stderr } = await cli.finished;
  t.is(stderr, '');
  t.is(status, 0);
  t.is((await verifyRun(folder)).state, 'sound');
});
