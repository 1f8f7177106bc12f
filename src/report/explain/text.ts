import type { Term } from '../../claim/terms.ts';
import { combinationText } from '../../study/parameters.ts';
import type { Language, Translate } from '../language.ts';
import { plainMarkup, sayEnding, sayReason, type Markup } from '../say.ts';
import type { ExplainedExpression, Explanation } from './explanation.ts';
import type { Source, SourceCommand, SourceLine } from './source.ts';

/** An explanation as lines of plain text. What the guest printed is in them as it is: who prints them cleans them. */
export function explanationText(explanation: Explanation, language: Language, t: Translate): string[] {
  const { claim, statement, given, expect, sources } = explanation;
  const plain = plainMarkup(t, language);
  const blocks = [
    [`${claim}${t('colon')}${statement[language]}`, ...indented(whereFrom(explanation, t))],
    given === null ? [] : expressionLines(t('claim-given'), given, plain),
    expressionLines(t('claim-expect'), expect, plain),
    valueLines(explanation, t),
    ...sources.map((source) => sourceLines(source, t)),
    verdictLines(explanation, plain),
    cellLines(explanation, plain),
  ];
  return blocks.filter((block) => block.length > 0).flatMap((block, index) => (index === 0 ? block : ['', ...block]));
}

function whereFrom({ sentence, section, figure, origin, cell }: Explanation, t: Translate): string[] {
  const said = (key: string, text: string): string => `${t(key)}${t('colon')}${text}`;
  const place = section === null ? '' : ` (${section})`;
  return [
    ...(sentence === null ? [] : [said('column-paper', `“${sentence}”${place}`)]),
    said('column-origin', t(`origin-${origin}`)),
    ...(figure === null ? [] : [said('column-figure', figure)]),
    ...(cell === null ? [] : [said('explain-cell', combinationText(cell))]),
  ];
}

function expressionLines(title: string, { text, terms }: ExplainedExpression, markup: Markup): string[] {
  const whole = terms.length === 1 ? '' : text;
  return [
    `${title}${markup.words('colon')}${whole}`.trimEnd(),
    ...indented(terms.map((term) => termLine(term, markup))),
  ];
}

function termLine({ text, value, reason }: Term, markup: Markup): string {
  const mark = value === null ? '?' : value ? '✓' : '✗';
  const why = reason === null ? '' : `${markup.words('colon')}${sayReason(reason, markup)}`;
  return `${mark} ${text}${why}`;
}

function valueLines({ values, moreValues }: Explanation, t: Translate): string[] {
  if (values.length === 0) return [];
  const read = values.map(({ path, value }) => `${path} = ${JSON.stringify(value)}`);
  return [`${t('explain-read')}${t('colon')}`.trimEnd(), ...indented([...read, ...(moreValues ? ['…'] : [])])];
}

function sourceLines({ kind, name, experiment, step, file, command, ...rest }: Source, t: Translate): string[] {
  const title = t(`explain-${kind}`, { name, experiment, step });
  if (kind === 'topology') return [title, ...indented([file])];
  const more = rest.moreLines === 0 ? [] : [t('decider-more', { count: rest.moreLines })];
  return [title, ...indented([...commandLines(command, t), ...rest.lines.map((line) => lineOf(file, line)), ...more])];
}

function commandLines(command: SourceCommand | null, t: Translate): string[] {
  if (command === null) return [t('explain-did-not-run')];
  const [first = '', ...others] = command.text.split('\n');
  const ending = command.end === null ? t('ending-unknown') : sayEnding(command.end, t);
  return [`$ ${first}`, ...others.map((line) => `> ${line}`), t('explain-ending', { ending })];
}

/** As grep(1) has it: a colon marks a line that decides, a hyphen one beside it. */
function lineOf(file: string, { line, text, decides }: SourceLine): string {
  return decides ? `${file}:${line}: ${text}` : `${file}-${line}- ${text}`;
}

function verdictLines({ state, reason }: Explanation, markup: Markup): string[] {
  const { words: t } = markup;
  const why = reason === null ? '' : `${markup.words('colon')}${sayReason(reason, markup)}`;
  return [`${t('column-verdict')}${t('colon')}${t(`verdict-${state}`)}${why}`];
}

/** Of a claim that is judged for each value of its parameters. */
function cellLines({ cells }: Explanation, markup: Markup): string[] {
  if (cells === null) return [];
  const { words: t } = markup;
  const marks = { upheld: '✓', refuted: '✗', undecided: '?', skipped: '–' };
  const lines = cells.map(({ parameters, state, reason }) => {
    const why = reason === null ? '' : `${t('colon')}${sayReason(reason, markup)}`;
    return `${marks[state]} ${combinationText(parameters)}${why}`;
  });
  return [`${t('explain-cells')}${t('colon')}`.trimEnd(), ...indented(lines)];
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
