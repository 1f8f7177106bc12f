import { excerpt } from '../claim/excerpt.ts';
import type { UndecidedReason, Verdict } from '../claim/judge.ts';
import { layout } from '../evidence/layout.ts';
import { capturesOf, type Evidence } from '../evidence/open.ts';
import type { Claim } from '../study/schema.ts';
import type { Language, Translate } from './language.ts';
import { codeSpan, escapeInline, linkTarget, tableCell } from './markdown.ts';

/** One row of the table of claims; `verdict`, `reason` and `evidence` are Markdown. */
export interface ClaimRow {
  readonly claim: Claim;
  readonly state: Verdict['state'];
  readonly origin: string;
  readonly statement: string;
  readonly reason: string | null;
  readonly evidence: string;
}

/** How many lines of one capture are quoted for a verdict; the link leads to all of them. */
const quotedLines = 3;
/** How much of a line is quoted. */
const quotedCharacters = 200;

export function claimRows(
  evidence: Evidence,
  verdicts: readonly Verdict[],
  language: Language,
  t: Translate,
): ClaimRow[] {
  const outputs = new Map(capturesOf(evidence).map(({ id, command }) => [id, command?.output.toString('utf8') ?? '']));
  const quotes: Quotes = { outputs, journals: journalByTopology(evidence) };
  return evidence.loaded.study.claims.flatMap((claim) => {
    const verdict = verdicts.find((candidate) => candidate.claim === claim.id);
    if (verdict === undefined) return [];
    return [
      {
        claim,
        state: verdict.state,
        origin: t(`origin-${claim.origin}`),
        statement: tableCell(claim.statement[language]),
        reason: verdict.reason === null ? null : sayReason(verdict.reason, t),
        evidence: verdict.deciders.map((decider) => sayDecider(decider, quotes, t)).join('<br>'),
      },
    ];
  });
}

/** Where a decider's words come from: outputs by capture, experiments by topology. */
interface Quotes {
  readonly outputs: ReadonlyMap<string, string>;
  readonly journals: ReadonlyMap<string, string>;
}

function journalByTopology({ loaded }: Evidence): Map<string, string> {
  return new Map(
    loaded.study.experiments.flatMap(({ id, steps }) =>
      steps.flatMap(({ topology }) => (topology === undefined ? [] : [[topology, id] as const])),
    ),
  );
}

function sayReason(reason: UndecidedReason, t: Translate): string {
  switch (reason.kind) {
    case 'not-run':
      return t('undecided-not-run', { experiment: codeSpan(reason.experiment) });
    case 'missing':
      return t('undecided-missing', { observed: codeSpan(reason.observed) });
    case 'unreadable':
      return t('undecided-unreadable', { observed: codeSpan(reason.observed), detail: codeSpan(reason.detail) });
    case 'given':
      return t('undecided-given');
    case 'failed':
      return t('undecided-failed', { detail: codeSpan(reason.detail) });
  }
}

function sayDecider(
  { observed, kind, lines }: Verdict['deciders'][number],
  { outputs, journals }: Quotes,
  t: Translate,
): string {
  if (kind === 'topology') {
    const path = linkTarget(layout.journal(journals.get(observed) ?? ''));
    return t('decider-topology', { name: codeSpan(observed), path });
  }
  const path = linkTarget(layout.capture(observed));
  const [first] = lines;
  if (first === undefined) return `[${escapeInline(observed)}](${path})`;
  const text = (outputs.get(observed) ?? '').split('\n');
  const quoted = lines
    .slice(0, quotedLines)
    .map((line) => codeSpan(excerpt((text[line - 1] ?? '').trim(), quotedCharacters)));
  const rest = lines.length > quotedLines ? ` ${t('decider-more', { count: lines.length - quotedLines })}` : '';
  return `[${escapeInline(observed)}:${first}](${path}#L${first}) ${quoted.join(' ')}${rest}`;
}
