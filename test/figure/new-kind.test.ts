import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { packagePath } from '../../src/core/package.ts';
import { extendedSource, extensionFixture, runExtended, type ProcessEnd } from '../support/extended-source.ts';
import { edit } from '../support/small-study.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const savedRun = packagePath('test/fixtures/runs/format-1');

const figure = `figures:
  - id: lamps
    origin: added
    caption: { en: Who answered, zh: 谁应答 }
    paper: { en: Nothing., zh: 无。 }
    lamps: [isolated, ns0_after]
    shows:
      origin: text
      outputs: { isolated: dark, ns0_after: lit }
      masks: []
`;

test('a new kind of figure is one file and one line', async (t) => {
  const source = await extendedSource(t, {
    files: { 'src/figure/kinds/lamps.ts': await extensionFixture('lamps-kind.ts', 3) },
    lines: [
      {
        file: 'src/figure/kinds/table.ts',
        after: "export { loss } from './loss.ts';",
        line: "export { lamps } from './lamps.ts';",
      },
    ],
  });
  const run = join(await temporaryFolder(t), 'run');
  await cp(savedRun, run, { recursive: true });
  const file = join(run, 'study/study.yaml');
  const study = edit(await readFile(file, 'utf8'), ['figures:\n', figure]);

  const lint = async (yaml: string): Promise<ProcessEnd> => {
    await writeFile(file, yaml);
    return runExtended(source, ['lint', file]);
  };
  const unknown = await lint(edit(study, ['ns0_after]', 'ns0_aftr]']));
  const line = study.split('\n').findIndex((each) => each.startsWith('    lamps:')) + 1;
  const message = "there is no capture of a ping 'ns0_aftr' (did you mean 'ns0_after'?)";
  t.true(unknown.stderr.includes(`:${line}:23: ${message}`), unknown.stderr);
  const misspelt = await lint(edit(study, ['    lamps: [', '    lamp: [']));
  t.regex(misspelt.stderr, /unknown key 'lamp' \(did you mean 'lamps'\?\)/);
  const right = await lint(study);
  t.deepEqual([right.status, right.stderr], [0, '']);

  const { status, stderr } = await runExtended(source, ['report', run]);
  t.is(status, 0, stderr);
  const svg = await readFile(join(run, 'figures/figure-lamps.svg'), 'utf8');
  t.deepEqual(
    [...svg.matchAll(/<circle class="(\w+)"/g)].map(([, lamp]) => lamp),
    ['dark', 'lit'],
  );
  const report = await readFile(join(run, 'report.md'), 'utf8');
  t.regex(report, /!\[Figure lamps: Who answered\]\(figures\/figure-lamps\.svg\)\n\nA lit lamp is a ping/);
  t.regex(report, /\n✅ \*\*same\*\*.*\n\n<details><summary>[^\n]*\n\n`isolated`\n\n```text\ndark\n```/i);
  const page = await readFile(join(run, 'report.html'), 'utf8');
  t.true(page.includes(`src="data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}"`));
});
