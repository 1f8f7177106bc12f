import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { refigure } from '../commands/cli.ts';
import { edit, smallStudy, writeStudyTo } from '../support/small-study.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

// A real guest, and a host on which a file would appear if any text of the study were run there.

test('no text of a study is run on the host, whatever key it stands in: its commands run in the guest alone', async (t) => {
  const host = await temporaryFolder(t);
  const home = join(host, 'home');
  const trap = (name: string): string =>
    `$(touch ${join(host, name)})\`touch ${join(host, name)}\`; touch ${join(host, name)}`;
  const text = (name: string): string => `{ en: "${trap(name)}", zh: "${trap(name)}" }`;
  const study = edit(
    smallStudy,
    ['title: { en: A small study, zh: 小研究 }', `title: ${text('title')}`],
    ['title: { en: A paper, zh: 一篇论文 }', `title: ${text('paper')}`],
    ['release: Any Linux 1', `release: "${trap('release')}"`],
    ["prompt: '#'", `prompt: "${trap('prompt')}"`],
    ['releaseFile: /etc/any-release', `releaseFile: "/etc/${trap('file').replaceAll('/', '-')}"`],
    ['title: { en: Look again, zh: 再看 }', `title: ${text('step')}`],
    ['caption: { en: The list, zh: 列表 }', `caption: ${text('caption')}`],
    ['paper: { en: It lists a., zh: 列出 a。 }', `paper: ${text('shown')}`],
    ['statement: { en: It is still there, zh: 它还在 }', `statement: ${text('statement')}`],
    [
      '- { run: ip netns list, capture: again',
      `- { run: "touch ${join(host, 'command')}; ls -d ${host} || true", exits: any }\n          - { run: ip netns list, capture: again`,
    ],
  );
  const folder = join(host, 'study');
  await writeStudyTo(folder, study, {
    // What the first line names runs in the guest.
    'make.sh': `#!/bin/sh\ntouch ${join(host, 'script')}\nip netns add a\nip netns list\n`,
  });
  for (const words of [
    ['lint', folder],
    ['run', folder, '--list'],
    ['run', folder, '--clock', 'virtual', '--out', join(host, 'run')],
    ['report', join(host, 'run')],
    ['verify', join(host, 'run')],
  ]) {
    const { status, stderr } = await refigure(words, { cwd: host, env: { HOME: home } });
    t.is(status, 0, `${words.join(' ')}: ${stderr}`);
  }
  t.deepEqual((await readdir(host)).filter((name) => name !== 'home').sort(), ['run', 'study']);
});
