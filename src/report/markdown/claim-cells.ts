import type { Verdict } from '../../claim/judge.ts';
import type { Claim } from '../../study/schema.ts';
import type { Language, Translate } from '../language.ts';
import type { ClaimRow, ShownDecider } from '../model/claim-rows.ts';
import { sayReason, type Markup } from '../say.ts';
import type { Working } from '../working.ts';
import { codeSpan, escapeInline, linkTarget, tableCell } from './escape.ts';

/** The statement and the sentence of the paper that it checks; where it is not upheld, also what was looked at. */
export function claimCell({ claim, state, working }: ClaimRow, language: Language, t: Translate): string {
  const cell = statementIn(claim, language);
  return state === 'upheld' ? cell : [cell, ...workingLines(working, t)].join('<br>');
}

function statementIn({ statement, sentence, section }: Claim, language: Language): string {
  const text = tableCell(statement[language]);
  if (sentence === undefined) return text;
  const place = section === undefined ? '' : ` (${escapeInline(section)})`;
  return `${text}<br>“${escapeInline(sentence)}”${place}`;
}

function workingLines({ given, expect, values, moreValues }: Working, t: Translate): string[] {
  return [
    ...(given === null ? [] : [`${t('claim-given')}${t('colon')}${codeSpan(given)}`]),
    `${t('claim-expect')}${t('colon')}${codeSpan(expect)}`,
    ...values.map(codeSpan),
    ...(moreValues ? ['…'] : []),
  ];
}

const marks: Readonly<Record<Verdict['state'], string>> = {
  upheld: '✅',
  refuted: '❌',
  undecided: '❔',
  skipped: '⏭️',
};

export function verdictCell({ state, reason }: Pick<ClaimRow, 'state' | 'reason'>, markup: Markup): string {
  const verdict = `${marks[state]} ${markup.words(`verdict-${state}`)}`;
  return reason === null ? verdict : `${verdict}<br>${sayReason(reason, markup)}`;
}

/** What the verdict rests on. */
export function evidenceCell({ deciders, moreDeciders }: ClaimRow, t: Translate): string {
  const more = moreDeciders > 0 ? [t('deciders-more', { count: moreDeciders })] : [];
  return [...deciders.map((decider) => sayDecider(decider, t)), ...more].join('<br>');
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
