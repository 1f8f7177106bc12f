import type { Verdict } from '../claim/judge.ts';
import type { Claim } from '../study/schema.ts';
import type { Language, Translate } from './language.ts';
import { plainMarkup, sayReason } from './say.ts';
import { workingOf } from './working.ts';

/**
 * A verdict as lines of plain text, for a terminal: which claim came out how, what it says, why it is undecided, its
 * expression, and what that read. All but the first are indented.
 */
export function describeVerdict(verdict: Verdict, claim: Claim, language: Language, t: Translate): string[] {
  const { given, expect, values, moreValues } = workingOf(verdict);
  const title = `${claim.id}${t('colon')}${t(`verdict-${verdict.state}`)}${t('colon')}${claim.statement[language]}`;
  const below = [
    ...(verdict.reason === null ? [] : [sayReason(verdict.reason, plainMarkup(t, language))]),
    ...(given === null ? [] : [`${t('claim-given')}${t('colon')}${given}`]),
    `${t('claim-expect')}${t('colon')}${expect}`,
    ...values.map((value) => `  ${value}`),
    ...(moreValues ? ['  …'] : []),
  ];
  return [title, ...below.map((line) => `  ${line}`)];
}
