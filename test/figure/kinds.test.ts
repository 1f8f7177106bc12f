import { readFileSync } from 'node:fs';
import test from 'ava';
import { packagePath } from '../../src/core/package.ts';
import { kindNames, kindOf } from '../../src/figure/kinds/kinds.ts';
import type { FigureSources } from '../../src/figure/kinds/sources.ts';
import { englishLabels } from '../../src/figure/labels.ts';
import * as table from '../../src/figure/kinds/table.ts';

test('each kind stands in the table under its own name, and has the key of that name', (t) => {
  for (const [name, kind] of Object.entries(table)) {
    t.true(kind.name === name && Object.hasOwn(kind.keys, name), name);
  }
  t.deepEqual(kindNames, Object.keys(table).sort());
});

test('a key that two kinds have is one and the same, and by none of them a figure tells of which kind it is', (t) => {
  const keys = Object.values(table).flatMap((kind) => Object.entries<unknown>(kind.keys));
  for (const [name, schema] of keys) {
    const others = keys.filter(([other]) => other === name);
    t.true(
      others.every(([, other]) => other === schema),
      name,
    );
    t.true(others.length === 1 || !kindNames.includes(name), name);
  }
});

test('what is no kind has none', (t) => {
  t.throws(() => kindOf({ kind: 'toString' as 'time' }), { instanceOf: RangeError });
});

test('a time that no run takes is not drawn, and said to be why', async (t) => {
  const sources = { timeRows: () => [{ label: 'x', parts: [{ kind: 'commands', seconds: 3e9 }] }], clock: 'real' };
  const drawn = await table.time.draw({ kind: 'time', time: ['first'] }, sources as unknown as FigureSources, {
    title: 'x',
    labels: englishLabels,
    say: ({ en }) => en,
  });
  t.deepEqual(drawn, { lacks: 'first', because: 'no run takes as long as 3000000000 s' });
});

const drawingLibraries = ['d3-scale', '@xterm/headless', '@dagrejs/dagre'];

test('to read a study loads nothing that draws, nor does to say what can be asked for', (t) => {
  const loads = (file: string): string[] => drawingLibraries.filter((name) => importsOf(file).has(name));
  t.deepEqual(loads('src/study/load.ts'), []);
  t.deepEqual(loads('src/cli.ts'), []);
  t.deepEqual(loads('src/figure/terminal/render.ts'), ['@xterm/headless'], 'and the search finds one that is there');
  t.deepEqual(loads('src/figure/topology/render.ts'), ['@dagrejs/dagre']);
});

/** All that a file imports when it is loaded, by way of others too; types are not. */
function importsOf(file: string, found = new Set<string>()): Set<string> {
  const source = readFileSync(packagePath(file), 'utf8');
  for (const [, specifier = ''] of source.matchAll(/^(?:import|export)(?! type\b)[^;]*?\bfrom '([^']+)';$/gm)) {
    const path = specifier.startsWith('.') ? new URL(specifier, `file:///${file}`).pathname.slice(1) : specifier;
    if (found.has(path)) continue;
    found.add(path);
    if (path.endsWith('.ts')) importsOf(path, found);
  }
  return found;
}
