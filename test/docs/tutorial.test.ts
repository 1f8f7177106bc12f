import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { packagePath } from '../../src/core/package.ts';
import { limits } from '../support/limits.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

// docs/tutorial.md, from an empty folder on: each command is run, and each line that is shown below it is printed.

type Block =
  | { readonly kind: 'console'; readonly commands: readonly { readonly words: string[]; readonly shown: string[] }[] }
  | { readonly kind: 'yaml'; readonly text: string };

function blocksOf(text: string): Block[] {
  return [...text.matchAll(/^```(console|yaml)\n(.*?)^```$/gms)].map(([, kind, body = '']) => {
    if (kind === 'yaml') return { kind, text: body };
    const commands: { words: string[]; shown: string[] }[] = [];
    for (const line of body.trimEnd().split('\n')) {
      if (line.startsWith('$ refigure '))
        commands.push({ words: wordsOf(line.slice('$ refigure '.length)), shown: [] });
      else commands.at(-1)?.shown.push(line);
    }
    return { kind: 'console', commands };
  });
}

function wordsOf(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

/** What it prints on both streams, and its status, in this folder. */
function refigure(words: readonly string[], cwd: string): Promise<string> {
  const program = ['--import', packagePath('src/from-source.mjs'), packagePath('src/cli.ts')];
  return new Promise((resolve) => {
    execFile(process.execPath, [...program, ...words], { cwd, timeout: limits.bootMs }, (_error, stdout, stderr) => {
      resolve(stdout + stderr);
    });
  });
}

test('the tutorial comes from an empty folder to an upheld study', async (t) => {
  t.timeout(10 * limits.bootMs);
  const folder = await temporaryFolder(t);
  const study = join(folder, 'delay', 'study.yaml');
  let commands = 0;
  for (const block of blocksOf(await readFile(packagePath('docs/tutorial.md'), 'utf8'))) {
    if (block.kind === 'yaml') {
      // A whole study, or what comes in the place of its last line, indented as that is.
      const isWhole = block.text.includes('format: 2');
      const before = isWhole ? '' : (await readFile(study, 'utf8')).replace(/\S[^\n]*\n$/, '');
      await writeFile(study, before + block.text);
      continue;
    }
    for (const { words, shown } of block.commands) {
      const printed = await refigure(words, folder);
      for (const line of shown) t.true(printed.includes(line), `${words.join(' ')}: '${line}' is not in:\n${printed}`);
      commands += 1;
    }
  }
  t.is(commands, 9);
});
