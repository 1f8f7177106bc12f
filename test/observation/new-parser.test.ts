import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { extendedSource, extensionFixture, runExtended } from '../support/extended-source.ts';
import { smallRunIn } from '../support/saved-run.ts';
import { edit } from '../support/small-study.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('a new parser is one file and one line', async (t) => {
  const source = await extendedSource(t, {
    files: { 'src/observation/words.ts': await extensionFixture('words-parser.ts', 2) },
    lines: [
      {
        file: 'src/observation/observe.ts',
        after: "import { routesParser } from './routes.ts';",
        line: "import { wordsParser } from './words.ts';",
      },
      { file: 'src/observation/observe.ts', after: '  routesParser,', line: '  wordsParser,' },
    ],
  });
  const run = await smallRunIn(await temporaryFolder(t));
  const file = join(run, 'study/study.yaml');
  const study = edit(
    await readFile(file, 'utf8'),
    ['capture: again, parse: namespaces', 'capture: again, parse: words'],
    ['again.namespaces.exists(n, n.name == "a")', 'again.words.exists(w, w.text == "a")'],
  );
  await writeFile(file, edit(study, ['again.words.exists', 'again.word.exists']));
  const wrong = await runExtended(source, ['lint', file]);
  t.regex(wrong.stderr, /No such key: word \(did you mean 'words'\?\)/);
  await writeFile(file, study);
  t.deepEqual(await runExtended(source, ['lint', file]).then(({ status, stderr }) => [status, stderr]), [0, '']);
  const { status, stderr } = await runExtended(source, ['report', run]);
  t.is(status, 0, stderr);
  const report = await readFile(join(run, 'report.md'), 'utf8');
  t.regex(report, /It is still there \| ✅ upheld .* \[again:1\]\(captures\/again\.txt#L1\) `a`/);
});
