import type { CurvePoint, RuleVerdict } from '../comparison/curve-rules.ts';
import { placeText, type CurveVerdict } from '../comparison/curves.ts';
import { numberText } from '../core/number-text.ts';
import type { Markup } from './say.ts';

/** By which rules a curve was compared, where each was decided, and how much of the paper's could not be compared. */
export function sayCurve({ rules, compared, outside }: CurveVerdict, markup: Markup): string[] {
  const { say } = markup;
  return [
    ...rules.map((rule) => sayRule(rule, markup)),
    ...(outside === 0 ? [] : [say('curve-outside', { outside, count: compared + outside })]),
  ];
}

function sayRule({ rule, holds, at }: RuleVerdict, markup: Markup): string {
  const { say, words } = markup;
  const points = at.map((point) => sayPoint(point, markup)).join(words('clause-separator'));
  const what = sayWhat(rule, markup);
  const key = `rule-${holds ? 'holds' : 'broken'}`;
  return points === '' ? say(key, { rule: what }) : say(`${key}-at`, { rule: what, points });
}

function sayWhat(rule: RuleVerdict['rule'], { say, code }: Markup): string {
  if (typeof rule === 'string') return say(`rule-${rule}`);
  if ('tolerance' in rule) return say('rule-tolerance', { tolerance: code(String(rule.tolerance)) });
  if ('monotone' in rule) return say(`rule-${rule.monotone}`);
  if ('ratio' in rule) return say('rule-ratio', { ratio: numberText(rule.ratio) });
  const [low, high] = rule.crossing.map(numberText);
  return say('rule-crossing', { low: low ?? '', high: high ?? '' });
}

function sayPoint({ series, x, paper, ours }: CurvePoint, { say, code }: Markup): string {
  const where = [...(series === null ? [] : [series]), `x = ${placeText(x)}`].join(', ');
  if (ours === null) return code(where);
  if (paper === null) return say('point-found', { where: code(where), found: numberText(ours) });
  return say('point-both', { where: code(where), expected: numberText(paper), found: numberText(ours) });
}
