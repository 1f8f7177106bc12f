import { readdir, readFile, truncate } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { openRun } from '../../src/evidence/open.ts';
import { edit, endlessStudy, smallStudy, writeStudy } from '../support/small-study.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { Terminal, testAtTerminal } from '../support/terminal.ts';
import { program } from './cli.ts';

// What a user sees at a terminal.

testAtTerminal(
  'the list shows what is done, what is being done, its command and its latest line; Ctrl-C ends the run',
  async (t) => {
    const study = await writeStudy(t, endlessStudy);
    const folder = join(await temporaryFolder(t), 'run');
    const terminal = new Terminal(t, [...program(), 'run', study, '--guest', 'embedded', '--out', folder]);
    await terminal.shows(/^\S Boot the guest$\n^ +› booting$/m);
    const screen = await terminal.shows(
      /^ +› \[guest \d+ s, here [\d.]+ s\] \$ ping -c 1000 127\.0\.0\.1 {2}64 bytes from 127\.0\.0\.1: icmp_seq=([3-9]|\d\d+) /m,
    );
    t.regex(screen, /^✔ Boot the guest: embedded \(v86 /m);
    t.regex(screen, /^ +✔ Make a namespace {2}left behind: the namespaces a$/m);
    t.is(screen.split('icmp_seq=').length, 2, 'a line takes the place of the one before');
    terminal.type('\u0003'); // Ctrl-C, which the terminal makes a signal of
    t.is(await terminal.ended, 130);
    t.regex(terminal.text, /Interrupted during experiment second, step look/);
    t.true(terminal.text.includes('The run is partial; what was captured is kept.'));
    t.is((await openRun(folder)).record.state, 'partial');
  },
);

testAtTerminal(
  'Ctrl-C in the first run of a checkout, whose modules were never compiled, leaves a report',
  async (t) => {
    const folder = join(await temporaryFolder(t), 'run');
    const command = [
      ...program(),
      'run',
      await writeStudy(t, smallStudy),
      '--guest',
      'embedded',
      '--cold',
      '--out',
      folder,
    ];
    const terminal = new Terminal(t, command, { TMPDIR: await temporaryFolder(t) }); // where tsx keeps what it compiled
    await terminal.shows(/^ +› booting$/m);
    terminal.type('\u0003'); // which the compiler gets, too
    t.is(await terminal.ended, 130);
    t.regex(terminal.text, /Interrupted during the boot of the guest\./);
    t.regex(await readFile(join(folder, 'report.md'), 'utf8'), /partial/);
  },
);

testAtTerminal(
  'a run that came to its end leaves the whole list on the screen, and the headline below it',
  async (t) => {
    const folder = join(await temporaryFolder(t), 'run');
    const study = await writeStudy(t, smallStudy);
    const terminal = new Terminal(t, [...program(), 'run', study, '--guest', 'embedded', '--out', folder]);
    t.is(await terminal.ended, 0);
    const done = [...terminal.text.matchAll(/^ *✔ (.*)$/gm)].map(([, title = '']) => title.replace(/ \(v86.*/, ''));
    t.deepEqual(done, [
      'Boot the guest: embedded',
      'Push the scripts',
      '1 The first',
      'Make a namespace  left behind: the namespaces a',
      '2 The second',
      'Look again',
      'Ask the guest what it is',
      'Write the report',
    ]);
    t.regex(terminal.text, /\nUpheld on a stand-in[^]*\nReport: /);
  },
);

testAtTerminal('why a saved state did not resume stays on the screen, once', async (t) => {
  const study = await writeStudy(t, smallStudy);
  const base = await temporaryFolder(t);
  const cache = join(base, 'cache');
  const run = (out: string): Terminal =>
    new Terminal(t, [...program(), 'run', study, '--guest', 'embedded', '--out', join(base, out)], {
      REFIGURE_CACHE: cache,
    });
  t.is(await run('first').ended, 0);
  const kept = (await readdir(cache, { recursive: true })).filter((name) => basename(name) === 'state');
  t.is(kept.length, 1);
  for (const name of kept) await truncate(join(cache, name), 1000);
  const second = run('second');
  t.is(await second.ended, 0);
  t.regex(
    second.text,
    /^ *✔ Boot the guest: embedded \(v86 .*\); the saved state is not whole, so the guest\s+boots\s*$/m,
  );
  t.is(second.text.split('not whole').length, 2);
});

testAtTerminal('no title, command or file of a study drives the terminal that tells of its run', async (t) => {
  const [title, clipboard] = ['\\e]0;TITLE\\a', '\\e]52;c;UFdORUQ=\\a'];
  const hostile = edit(
    smallStudy,
    ['title: { en: A paper,', `title: { en: "A paper${title}\\e[2J\\u202e\\u200b",`],
    ['title: { en: The first,', `title: { en: "The first${clipboard}",`],
    ['title: { en: Look again,', `title: { en: "Look again${title}",`],
    ['- { run: ip netns list, capture: again', `- { run: ": '${title}${clipboard}'; ip netns list", capture: again`],
  );
  const folder = join(await temporaryFolder(t), 'a\u001b]0;FOLDER\u0007');
  const study = await writeStudy(t, hostile);
  const terminal = new Terminal(t, [...program(), 'run', study, '--guest', 'embedded', '--out', folder]);
  t.is(await terminal.ended, 0);
  t.deepEqual(terminal.acted, []);
  t.regex(terminal.text, /A paper\^\[\]0;TITLE\^G\^\[\[2J<U\+202E><U\+200B> \(2024\)/);
});
