import { resolve } from 'node:path';
import type { VerdictState } from '../claim/judge.ts';
import { findingsOf, type Findings } from '../comparison/findings.ts';
import { packageVersion } from '../core/package.ts';
import type { Judged } from '../evidence/judged.ts';
import { isDerived } from '../evidence/layout.ts';
import type { Language } from '../report/language.ts';
import { versionThatReported } from '../report/verdicts-file.ts';
import { studyDigest } from '../study/digest.ts';
import type { Off } from './off.ts';
import { verifyEvidence } from './verify-evidence.ts';
import { verifyReport } from './verify-report.ts';

/** What is known of a run whose evidence is sound. */
export interface SoundEvidence {
  readonly files: number;
  /** Why the run is partial; null: it came to its end. */
  readonly partial: string | null;
  readonly claims: {
    readonly upheld: number;
    readonly refuted: number;
    readonly undecided: number;
    readonly skipped: number;
  };
  /** null: no other run could have the same (src/evidence/digest.ts). */
  readonly digests: { readonly run: string; readonly study: string } | null;
  /** The study is not the one that ran; null: it is. */
  readonly judged: Judged | null;
  /** Files that a system or an editor left there. */
  readonly overlooked: readonly string[];
}

/** What an audit found. */
export type AuditResult =
  | ({ readonly state: 'sound'; readonly languages: readonly Language[] } & SoundEvidence)
  /** The evidence is sound, and there is no report of it. */
  | ({ readonly state: 'no report' } & SoundEvidence)
  /** The evidence is sound; its report is of another version of Refigure, and differs from the one that this version makes. */
  | ({ readonly state: 'other report'; readonly madeBy: string } & Off & SoundEvidence)
  /** The first thing that is off. */
  | ({ readonly state: 'off' } & Off);

/**
 * Checks a saved run from the bottom up: the checksums of the evidence, the captures against the journals, the verdicts
 * against the captures, the reports and the recordings against new ones, byte for byte. Rejects with EvidenceError where
 * there is no run at all.
 */
export async function verifyRun(path: string): Promise<AuditResult> {
  const audit = await verifyEvidence(path);
  if (audit.state === 'off') return audit;
  const { evidence, files, others, overlooked } = audit;
  const folder = resolve(path);
  const findings = findingsOf(evidence);
  const { record, digest, loaded } = evidence;
  const sound: SoundEvidence = {
    files,
    partial: record.state === 'partial' ? (record.reason ?? '') : null,
    claims: countClaims(findings),
    digests: digest === null ? null : { run: digest, study: studyDigest(loaded.files) },
    judged: evidence.judged,
    overlooked,
  };
  if (!others.some(isDerived)) return { state: 'no report', ...sound };
  const off = await verifyReport(folder, findings, others);
  if (off === null) return { state: 'sound', languages: findings.evidence.loaded.study.languages, ...sound };
  // Reports did not always say what made them: the version that ran also made the first report.
  const madeBy = (await versionThatReported(folder)) ?? record.host.refigure;
  return madeBy === packageVersion ? { state: 'off', ...off } : { state: 'other report', madeBy, ...off, ...sound };
}

function countClaims({ verdicts }: Findings): SoundEvidence['claims'] {
  const count = (state: VerdictState): number => verdicts.filter((verdict) => verdict.state === state).length;
  return {
    upheld: count('upheld'),
    refuted: count('refuted'),
    undecided: count('undecided'),
    skipped: count('skipped'),
  };
}
