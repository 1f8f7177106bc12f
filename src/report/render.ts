import { readFileSync } from 'node:fs';
import Handlebars from 'handlebars';
import type { Findings } from '../comparison/findings.ts';
import { packagePath } from '../core/package.ts';
import type { FigureVerdict } from '../comparison/judge-figures.ts';
import type { DifferenceLine } from '../comparison/lines.ts';
import { layout } from '../evidence/layout.ts';
import { translator, type Language, type Translate } from './language.ts';
import { codeBlock, codeSpan, escapeInline, linkTarget, tableCell } from './markdown.ts';
import { makeModel } from './model.ts';
import type { Summary } from './summary.ts';

/** A report in one language: each file of it by its path in the run's folder. */
export interface RenderedReport {
  readonly summary: Summary;
  readonly files: ReadonlyMap<string, string>;
}

/** A pure function of the evidence: the same bytes on every machine, in every locale and time zone. */
export async function renderReport(findings: Findings, language: Language): Promise<RenderedReport> {
  const t = translator(language);
  const model = await makeModel(findings, language, t);
  const pictures = model.experiments
    .flatMap(({ steps }) => steps.flatMap(({ figures }) => figures))
    .flatMap(({ drawing }) => (drawing.state === 'drawn' ? [[drawing.path, drawing.svg] as const] : []));
  const text = markdownTemplate('report', language, t)(model);
  return { summary: model.summary, files: new Map([[layout.report(language), text], ...pictures]) };
}

/**
 * `noEscape`, for the target is Markdown and not HTML: the helpers escape for the place at hand. `strict`, so that a
 * missing value is an error and not an empty place.
 */
export function markdownTemplate(
  name: 'report' | 'diff',
  language: Language,
  t: Translate,
): HandlebarsTemplateDelegate {
  const handlebars = Handlebars.create();
  handlebars.registerHelper({
    t: (key: string, options: Handlebars.HelperOptions) => t(key, options.hash as Record<string, unknown>),
    prose: (value: Readonly<Record<Language, string>>) => value[language],
    cell: (value: Readonly<Record<Language, string>>) => tableCell(value[language]),
    text: escapeInline,
    code: codeSpan,
    block: (value: string) => codeBlock(value),
    terminal: (value: string) => codeBlock(value, 'console'),
    link: linkTarget,
    join: (values: readonly string[], separator: string) => values.join(separator),
    diff: (lines: readonly DifferenceLine[]) => codeBlock(diffText(lines), 'diff'),
    mark: (state: FigureVerdict['state']) => marks[state],
    is: (a: unknown, b: unknown) => a === b,
  });
  const source = readFileSync(packagePath(`reports/templates/${name}.md.hbs`), 'utf8');
  return handlebars.compile(source, { noEscape: true, strict: true });
}

const marks: Readonly<Record<FigureVerdict['state'], string>> = {
  same: '✅',
  equivalent: '✅',
  different: '❌',
  undecided: '❔',
  'not compared': '➖',
};

const signs: Readonly<Record<DifferenceLine['side'], string>> = { expected: '-', observed: '+', both: ' ', gap: ' ' };

function diffText(lines: readonly DifferenceLine[]): string {
  return lines.map(({ side, text }) => `${signs[side]} ${text}`).join('\n');
}
