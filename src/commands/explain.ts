import { findingsOf, type Findings } from '../comparison/findings.ts';
import { exitStatus, UsageError } from '../core/errors.ts';
import { jsonLine, stdout } from '../core/terminal.ts';
import { lineOnTerminal } from '../core/terminal-text.ts';
import { openRun } from '../evidence/open.ts';
import { explainClaim, type Explanation } from '../report/explain/explanation.ts';
import { explanationText } from '../report/explain/text.ts';
import { translator, type Language } from '../report/language.ts';
import { suggest } from '../study/suggest.ts';
import { tellJudged } from './tell-judged.ts';
import { warnOfAltered } from './warn-of-altered.ts';

export interface ExplainOptions {
  readonly lang: Language;
  readonly json?: true;
}

/** Prints how the verdict on a claim came about; the status is 0 whatever the verdict is. */
export async function explainCommand(claim: string, folder: string, { lang, json }: ExplainOptions): Promise<number> {
  const findings = findingsOf(await openRun(folder));
  const explanation = explainClaim(findings, claim) ?? refuseUnknown(claim, folder, findings);
  warnOfAltered(folder, findings.evidence.altered);
  tellJudged(folder, findings.evidence.judged);
  if (json) process.stdout.write(jsonLine({ format: 1, ...explanation }));
  else stdout.write(textOf(explanation, findings, lang));
  return exitStatus.upheld;
}

function textOf(explanation: Explanation, { evidence }: Findings, language: Language): string {
  const t = translator(language, evidence.loaded.study.paper.kind);
  const lines = explanationText(explanation, language, t);
  return `${lines.map((line) => lineOnTerminal(line).trimEnd()).join('\n')}\n`;
}

function refuseUnknown(claim: string, folder: string, { evidence }: Findings): never {
  const known = [...evidence.loaded.index.claims.keys()];
  throw new UsageError(
    lineOnTerminal(`The study of ${folder} has no claim '${claim}'${suggest(claim, known)}.`),
    lineOnTerminal(`Its claims: ${known.join(', ')}.`),
  );
}
