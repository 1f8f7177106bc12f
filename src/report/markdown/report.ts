import type Handlebars from 'handlebars';
import type { LeftBehind } from '../../evidence/left-behind.ts';
import type { AskedNeed } from '../../evidence/needs.ts';
import type { FigureVerdict } from '../../comparison/judge-figures.ts';
import type { DifferenceLine } from '../../comparison/lines.ts';
import type { MaskCount } from '../../comparison/masks.ts';
import type { Prose, Study } from '../../study/schema.ts';
import type { ClaimRow } from '../model/claim-rows.ts';
import type { ExperimentModel } from '../model/experiments.ts';
import { sayGaps, type FigureComparison } from '../model/figure-comparison.ts';
import type { Language, Translate } from '../language.ts';
import { citation } from './citation.ts';
import { claimCell, evidenceCell, verdictCell } from './claim-cells.ts';
import { codeBlock, codeSpan, escapeInline, linkTarget, tableCell } from './escape.ts';
import type { ReportModel } from '../model/model.ts';
import type { Timing } from '../model/timings.ts';
import { visible } from '../visible.ts';
import {
  figureStateKey,
  type Markup,
  sayComparison,
  sayFailure,
  sayLeft,
  sayNeeds,
  sayMask,
  sayOmission,
  sayPart,
  sayReason,
  sayRecords,
  sayRemark,
  sayWhole,
} from '../say.ts';
import { fillTemplate } from '../templates.ts';
import type { OmissionRow } from '../model/failures.ts';
import { transcript, type ShownCommand, type ShownFailure } from '../model/transcript.ts';

/** The report for readers of Markdown: GitHub's, with its pictures beside it. */
export function markdownReport(model: ReportModel, t: Translate): string {
  return fillMarkdown('report', model, { prompt: model.study.prompt, language: model.language, t });
}

export interface MarkdownOptions {
  readonly prompt: string;
  readonly language: Language;
  readonly t: Translate;
}

export function fillMarkdown(name: 'report' | 'diff', model: object, { prompt, language, t }: MarkdownOptions): string {
  const markup: Markup = {
    say: t,
    words: t,
    code: codeSpan,
    prose: (text) => text[language],
    link: (key, path) => `[${t(key)}](${linkTarget(path)})`,
  };
  const filled = fillTemplate(`${name}.md.hbs`, model, {
    t: (key: string, options: Handlebars.HelperOptions) => t(key, options.hash as Record<string, unknown>),
    prose: (value: Readonly<Record<Language, string>>) => value[language],
    cell: (value: Prose) => tableCell(value[language]),
    text: escapeInline,
    code: codeSpan,
    codes: (values: readonly string[]) => values.map(codeSpan).join(t('list-separator')),
    block: (value: string) => codeBlock(value),
    terminal: (commands: readonly ShownCommand[]) =>
      codeBlock(
        transcript(prompt, commands, {
          more: (bytes) => t('more-bytes', { bytes }),
          remark: (remark) => sayRemark(remark, t),
        }),
        'console',
      ),
    shortened,
    failed: (failure: ShownFailure) => escapeInline(sayFailure(failure, t)),
    leftBehind: (left: LeftBehind) => sayLeft(left, markup),
    needs: (needs: readonly AskedNeed[]) => sayNeeds(needs, markup),
    omitted: (omission: OmissionRow) => sayOmission(omission, markup),
    ranWhole: (why: string) => sayWhole(why, markup),
    hashes: (level: number) => '#'.repeat(level),
    link: linkTarget,
    why: (value: Parameters<typeof sayReason>[0]) => sayReason(value, markup),
    claimCell: (row: ClaimRow) => claimCell(row, language, t),
    verdictCell: (row: Pick<ClaimRow, 'state' | 'reason'>) => verdictCell(row, markup),
    evidenceCell: (row: ClaimRow) => evidenceCell(row, t),
    citation: (paper: Study['paper']) => citation(paper, language, t),
    howCompared: (comparison: FigureComparison) => sayComparison(comparison, markup),
    records: (experiment: ExperimentModel) => sayRecords(experiment, markup),
    partName: (timing: Timing) => sayPart(timing, markup),
    seconds: ({ seconds }: Timing) => seconds.toFixed(2),
    guestSeconds: ({ guestSeconds }: Timing) => guestSeconds?.toFixed(2) ?? '',
    mark: (state: FigureVerdict['state']) => marks[state],
    figureState: (state: FigureVerdict['state']) => t(figureStateKey(state)),
    mask: (mask: MaskCount) => sayMask(mask, markup),
    diff: (lines: readonly DifferenceLine[]) => codeBlock(diffText(sayGaps(lines, t)), 'diff'),
  });
  // Prose is Markdown and goes in as the study has it.
  return visible(filled);
}

/** The files that have whole what is shown in part. */
function shortened(commands: readonly ShownCommand[]): string[] {
  const outputs = commands.flatMap(({ output, errorOutput }) =>
    errorOutput === null ? [output] : [output, errorOutput],
  );
  return [...new Set(outputs.flatMap(({ cutBytes, path }) => (cutBytes > 0 ? [path] : [])))];
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
