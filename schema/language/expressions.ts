import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { row } from './keys.ts';

const fileSchema = z.array(
  z.strictObject({
    title: z.string(),
    words: z.string(),
    /** What is written, an example, and what it gives. `for`: the example is one of a claim that is judged for these parameters. */
    rows: z.array(
      z.strictObject({
        write: z.string(),
        example: z.string(),
        gives: z.string(),
        for: z.array(z.string()).optional(),
      }),
    ),
  }),
);

/** What expressions.yaml tells of the language of claims, in its order. */
export const expressionParts = fileSchema.parse(
  parse(readFileSync(new URL('expressions.yaml', import.meta.url), 'utf8')),
);

/** Markdown: how an expression is written. */
export function expressionSections(): string {
  const parts = expressionParts.map(({ title, words, rows }) => {
    const lines = rows.map(({ write, example, gives }) => row([`\`${write}\``, gives, `\`${example}\``]));
    const table = [row(['write', 'what it gives', 'example']), row(['---', '---', '---']), ...lines].join('\n');
    return `### ${title}\n\n${words}\n\n${table}`;
  });
  return `## Expressions

\`expect\` and \`given\` of a claim, \`expect\` of a self-check, and \`of\` of a measure are expressions of
[CEL](https://github.com/google/cel-spec) over captures, networks, measures and parameters. A claim is upheld where its expression is
true, and refuted where it is false. \`refigure explain\` shows term by term how a verdict came about.

${parts.join('\n\n')}`;
}
