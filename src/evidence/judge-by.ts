import { EvidenceError } from '../core/errors.ts';
import { packageVersion } from '../core/package.ts';
import { digestOf, studyDigest, type HashedFile } from '../study/digest.ts';
import type { LoadedStudy } from '../study/load.ts';
import { hasDigest, isCapture, isJournal } from './digest.ts';
import { readJudged, type JudgedRecord } from './judged-record.ts';
import { layout } from './layout.ts';
import { readManifest, type Checksums } from './manifest.ts';
import { openRun, openRunBy, type Evidence } from './open.ts';

/**
 * Reads a run's folder as if a study were the one in it, and writes nothing. The study that ran gives the run as it is. Rejects
 * with EvidenceError where the folder holds no sealed run.
 */
export async function openJudgedBy(folder: string, study: LoadedStudy): Promise<Evidence> {
  const evidence = await openRun(folder);
  const record = await judgedRecord(folder, evidence, study, await readSealed(folder));
  return isAsRan(record, study.files) ? evidence : openRunBy(folder, record, study);
}

/** Whether the files of a study are those of the one that ran. */
export function isAsRan({ ran }: JudgedRecord, files: LoadedStudy['files']): boolean {
  const hashed = Object.entries(ran.files).map(([path, sha256]) => ({ path, sha256 }));
  return digestOf(hashed) === studyDigest(files);
}

/** The checksums of a run; rejects with EvidenceError where it was not sealed. */
export async function readSealed(folder: string): Promise<Checksums> {
  const checksums = await readManifest(folder);
  if (checksums !== null) return checksums;
  throw new EvidenceError(
    `${folder} was not sealed, as after a run that was killed: nothing says that it is what ran.`,
    '`refigure recover` seals what is there.',
  );
}

/** The study that ran is told by the manifest: the files themselves may have been edited, to try what is done here. */
export async function judgedRecord(
  folder: string,
  evidence: Evidence,
  { study, files, index }: LoadedStudy,
  checksums: Checksums,
): Promise<JudgedRecord> {
  const ran = (await readJudged(folder))?.ran ?? ranAs(evidence, checksums);
  const experiments = [...index.experiments.keys()].filter((id) => !ran.unasked.includes(id));
  const { until } = evidence.record.study;
  const hasUntil = until !== undefined && index.step(until.experiment, until.step) !== undefined;
  return {
    format: 1,
    refigure: packageVersion,
    study: { id: study.id, file: files[0]?.path ?? '', experiments, ...(hasUntil && { until }) },
    ran,
  };
}

function ranAs({ record, loaded }: Evidence, checksums: Checksums): JudgedRecord['ran'] {
  const files = [...checksums].map(([path, sha256]): HashedFile => ({ path, sha256 }));
  const place = `${layout.study}/`;
  const ofStudy = files.filter(({ path }) => path.startsWith(place));
  return {
    files: Object.fromEntries(ofStudy.map(({ path, sha256 }) => [path.slice(place.length), sha256])),
    unasked: [...loaded.index.experiments.keys()].filter((id) => !record.study.experiments.includes(id)),
    digest: hasDigest(record) ? digestOf(files.filter(({ path }) => isJournal(path) || isCapture(path))) : null,
  };
}
