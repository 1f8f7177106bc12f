import type { Expectation, FigureKind } from '../../src/figure/kinds/kind.ts';
import { kindNames, kindOf, type AnyContent } from '../../src/figure/kinds/kinds.ts';
import { partAt } from './json-schema.ts';
import { keysOf, keyTable, type Key } from './keys.ts';
import { anchorOf } from './sections.ts';

/** The kinds of figures, each with the keys that it has beside those that are common to all. */

interface Kind {
  readonly name: string;
  readonly keys: readonly Key[];
  /** Keys that it has in common with a kind above. */
  readonly shared: readonly string[];
}

const all = keysOf(partAt('figures.[]'));

/** Those that every figure has. */
export const commonFigureKeys: readonly Key[] = all.filter(
  ({ name }) => !kindNames.some((kind) => topKeysOf(kind).includes(topOf(name))),
);

export const figureKinds: readonly Kind[] = kindNames.map((name, index) => {
  const before = kindNames.slice(0, index).flatMap(topKeysOf);
  const own = topKeysOf(name);
  return {
    name,
    keys: all.filter((key) => own.includes(topOf(key.name)) && !before.includes(topOf(key.name))),
    shared: own.filter((key) => before.includes(key)),
  };
});

function topKeysOf(kind: string): string[] {
  return Object.keys(kindNamed(kind).keys);
}

function kindNamed(name: string): FigureKind {
  return kindOf({ kind: name as AnyContent['kind'] });
}

function topOf(name: string): string {
  return /^\w+/.exec(name)?.[0] ?? name;
}

/** What `shows` can say of a figure of a kind. */
const expectations: Readonly<Record<Expectation['of'], string>> = {
  nothing: 'It takes no `shows`.',
  curve: 'It takes `shows` with `points`.',
  topology: 'It takes `shows` with `topology`.',
  printed: 'It takes `shows` with `outputs`: what the commands print.',
  rendered: 'It takes `shows` with `outputs`: the text that the figure makes of each capture.',
};

/** Markdown: the sections of the kinds. */
export async function kindSections(): Promise<string> {
  const sections = await Promise.all(
    figureKinds.map(async ({ name, keys, shared }) => {
      const also = shared.length === 0 ? '' : ` It takes ${shared.map((key) => `\`${key}\``).join(', ')} as above.`;
      return `### Figure: ${name}\n\n${await keyTable(keys)}\n\n${expectations[kindNamed(name).expectation.of]}${also}`;
    }),
  );
  const links = kindNames.map((name) => `[\`${name}\`](#${anchorOf(`Figure: ${name}`)})`);
  return [`The kinds are ${links.join(', ')}. [figures.md](figures.md) shows those of numbers.`, ...sections].join(
    '\n\n',
  );
}
