import type Handlebars from 'handlebars';
import type { FigureVerdict } from '../../comparison/judge-figures.ts';
import type { DifferenceLine } from '../../comparison/lines.ts';
import type { MaskCount } from '../../comparison/masks.ts';
import type { Prose } from '../../study/schema.ts';
import type { ShownDecider } from '../model/claim-rows.ts';
import { sayGaps } from '../model/figure-comparison.ts';
import type { Language, Translate } from '../language.ts';
import { codeBlock, codeSpan, escapeInline, linkTarget, tableCell } from './escape.ts';
import type { ReportModel } from '../model/model.ts';
import type { Timing } from '../model/timings.ts';
import { figureStateKey, sayPart, sayReason, type Markup } from '../say.ts';
import { fillTemplate } from '../templates.ts';
import { transcript, type ShownCommand } from '../model/transcript.ts';

/** The report for readers of Markdown: GitHub's, with its pictures beside it. */
export function markdownReport(model: ReportModel, t: Translate): string {
  return fillMarkdown('report', model, { prompt: model.study.environment.prompt, language: model.language, t });
}

export interface MarkdownOptions {
  readonly prompt: string;
  readonly language: Language;
  readonly t: Translate;
}

export function fillMarkdown(name: 'report' | 'diff', model: object, { prompt, language, t }: MarkdownOptions): string {
  const markup: Markup = { say: t, code: codeSpan };
  return fillTemplate(`${name}.md.hbs`, model, {
    t: (key: string, options: Handlebars.HelperOptions) => t(key, options.hash as Record<string, unknown>),
    prose: (value: Readonly<Record<Language, string>>) => value[language],
    cell: (value: Prose) => tableCell(value[language]),
    text: escapeInline,
    code: codeSpan,
    block: (value: string) => codeBlock(value),
    terminal: (commands: readonly ShownCommand[]) =>
      codeBlock(
        transcript(prompt, commands, (bytes) => t('more-bytes', { bytes })),
        'console',
      ),
    shortened,
    link: linkTarget,
    why: (value: Parameters<typeof sayReason>[0]) => sayReason(value, markup),
    decider: (value: ShownDecider) => sayDecider(value, t),
    partName: (timing: Timing) => sayPart(timing, markup),
    seconds: ({ seconds }: Timing) => seconds.toFixed(2),
    mark: (state: FigureVerdict['state']) => marks[state],
    figureState: (state: FigureVerdict['state']) => t(figureStateKey(state)),
    mask: ({ mask, count }: MaskCount) => `${t(`mask-${mask}`)} (${count})`,
    diff: (lines: readonly DifferenceLine[]) => codeBlock(diffText(sayGaps(lines, t)), 'diff'),
  });
}

/** The files that have whole what is shown in part. */
function shortened(commands: readonly ShownCommand[]): string[] {
  const outputs = commands.flatMap(({ output, errorOutput }) =>
    errorOutput === null ? [output] : [output, errorOutput],
  );
  return [...new Set(outputs.flatMap(({ cutBytes, path }) => (cutBytes > 0 ? [path] : [])))];
}

function sayDecider(decider: ShownDecider, t: Translate): string {
  const path = linkTarget(decider.path);
  if (decider.kind === 'topology') {
    const journal = `[${t('journal')}](${path})`;
    return t('decider-topology', { name: codeSpan(decider.observed), journal });
  }
  const { observed, line, quotes, more } = decider;
  if (line === null) return `[${escapeInline(observed)}](${path})`;
  const rest = more > 0 ? ` ${t('decider-more', { count: more })}` : '';
  return `[${escapeInline(observed)}:${line}](${path}#L${line}) ${quotes.map(codeSpan).join(' ')}${rest}`;
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
