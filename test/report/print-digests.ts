/** A program of the tests: renders the run named on its command line, prints a digest of each file in each language. */
import { sha256 } from '../../src/core/hash.ts';
import { openRun } from '../../src/evidence/open.ts';
import { recordings } from '../../src/recording/recording.ts';
import { languages } from '../../src/report/language.ts';
import { render } from './rendering.ts';

const folder = process.argv[2] ?? '';
const digests: [string, string][] = [];
for (const language of languages) {
  for (const [path, content] of (await render(folder, language)).files) digests.push([path, sha256(content)]);
}
for (const [path, content] of recordings(await openRun(folder))) digests.push([path, sha256(content)]);
process.stdout.write(JSON.stringify({ zone: new Date(0).getTimezoneOffset(), digests }));
