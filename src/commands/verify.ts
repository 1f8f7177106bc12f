import { isDerived } from '../evidence/layout.ts';
import { verifyEvidence } from '../audit/verify-evidence.ts';
import { verifyRun, type SoundEvidence } from '../audit/verify.ts';
import { exitStatus } from '../core/errors.ts';
import { packageVersion } from '../core/package.ts';
import { stderr, stdout } from '../core/terminal.ts';
import { lineOnTerminal } from '../core/terminal-text.ts';
import { judgedLines } from './tell-judged.ts';

export interface VerifyOptions {
  /** The evidence alone: its report may be of another version of Refigure. */
  readonly evidence?: true;
}

export async function verifyCommand(folder: string, options: VerifyOptions): Promise<number> {
  return options.evidence === true ? verifyEvidenceOf(folder) : verifyAllOf(folder);
}

async function verifyAllOf(folder: string): Promise<number> {
  const result = await verifyRun(folder);
  switch (result.state) {
    case 'sound':
      say(
        `${folder}: sound. ${evidenceText(result)}; the verdicts, the recordings and the report ` +
          `(${result.languages.join(', ')}) come out the same.`,
      );
      sayMore(folder, result);
      return exitStatus.upheld;
    case 'no report':
      complain(`${folder}: the evidence is sound, but there is no report. ${evidenceText(result)}.`);
      complain(`\`refigure report ${folder}\` makes it.`);
      return exitStatus.notUpheld;
    case 'other report':
      complain(
        `${folder}: the evidence is sound, but its report was not checked. ${evidenceText(result)}. The report was made by ` +
          `Refigure ${result.madeBy}, and this one, ${packageVersion}, makes another: ${result.file}: ${result.what}.`,
      );
      complain(`\`refigure report ${folder}\` makes it anew; \`refigure verify --evidence\` leaves it out.`);
      return exitStatus.notUpheld;
    case 'off':
      complain(`${folder}: ${result.file}: ${result.what}.`);
      if (isDerived(result.file.replace(/:\d+$/, ''))) complain(`\`refigure report ${folder}\` makes it anew.`);
      return exitStatus.notUpheld;
  }
}

async function verifyEvidenceOf(folder: string): Promise<number> {
  const result = await verifyEvidence(folder);
  if (result.state === 'off') {
    complain(`${folder}: ${result.file}: ${result.what}.`);
    return exitStatus.notUpheld;
  }
  say(`${folder}: the evidence is sound. ${evidenceText(result)}. Its report was not looked at.`);
  for (const line of judgedLines(folder, result.evidence.judged)) say(line);
  return exitStatus.upheld;
}

function evidenceText({ files }: Pick<SoundEvidence, 'files'>): string {
  return `${files} files of evidence have their checksums; the captures fit the journals`;
}

/** Sound is not the same as whole, or as upheld. */
function sayMore(folder: string, { partial, claims, digests, judged, overlooked }: SoundEvidence): void {
  if (partial !== null) say(`The run is partial: ${partial}`);
  const skipped = claims.skipped === 0 ? '' : `, ${claims.skipped} skipped`;
  say(`Claims: ${claims.upheld} upheld, ${claims.refuted} refuted, ${claims.undecided} undecided${skipped}.`);
  for (const line of judgedLines(folder, judged)) say(line);
  if (overlooked.length > 0) say(`Overlooked, as left there by a system or an editor: ${overlooked.join(', ')}`);
  if (digests === null) return;
  // What is compared with the digests of another run of the same study, machine and seed.
  say(`The digest of its journals and captures: ${digests.run}`);
  say(`The digest of its study: ${digests.study}`);
}

function say(line: string): void {
  stdout.write(`${lineOnTerminal(line)}\n`);
}

function complain(line: string): void {
  stderr.write(`${lineOnTerminal(line)}\n`);
}
