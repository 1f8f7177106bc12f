import { join } from 'node:path';
import { digestedFiles, isCapture } from '../evidence/digest.ts';
import { factsExperiment, layout } from '../evidence/layout.ts';
import type { Evidence } from '../evidence/open.ts';
import { digestOf, type HashedFile } from '../study/digest.ts';
import { firstDifference, type LineDifference } from './first-difference.ts';

/** How a run came out that was to give the same bytes as another one. */
export interface Reproduction {
  readonly captures: Tally;
  readonly journals: Tally;
  /** null: both runs have the same bytes, and so the same digest. */
  readonly difference: Difference | null;
  /** Of the recorded run, and of the new one. */
  readonly digests: { readonly recorded: string; readonly again: string };
}

/** Of how many files of the recorded run the new one has the same. */
export interface Tally {
  readonly same: number;
  readonly all: number;
}

/** The first file in which two runs differ: the new one lacks it, or is alone to have it, or has another line in it. */
export type Difference =
  | { readonly kind: 'missing' | 'extra'; readonly file: string }
  /** `a`: of the recorded run. */
  | ({ readonly kind: 'line'; readonly file: string } & LineDifference);

/**
 * Compares the journals and captures of two runs, byte for byte: captures first, in the study's order, for they are what
 * its claims and figures are about. Files may be huge. Rejects where one cannot be read.
 */
export async function compareBytes(evidence: Evidence, folder: string, again: string): Promise<Reproduction> {
  const recorded = await digestedFiles(folder);
  const found = await digestedFiles(again);
  const checksums = new Map(found.map(({ path, sha256 }) => [path, sha256]));
  const isSame = ({ path, sha256 }: HashedFile): boolean => checksums.get(path) === sha256;
  const tally = (files: readonly HashedFile[]): Tally => ({ same: files.filter(isSame).length, all: files.length });
  const known = new Set(recorded.map(({ path }) => path));
  const differing = [...recorded.filter((file) => !isSame(file)), ...found.filter(({ path }) => !known.has(path))];
  const [first] = inStudyOrder(
    differing.map(({ path }) => path),
    evidence,
  );
  return {
    captures: tally(recorded.filter(({ path }) => isCapture(path))),
    journals: tally(recorded.filter(({ path }) => !isCapture(path))),
    difference: first === undefined ? null : await describe(first, folder, again, { known, checksums }),
    digests: { recorded: digestOf(recorded), again: digestOf(found) },
  };
}

async function describe(
  file: string,
  folder: string,
  again: string,
  { known, checksums }: { readonly known: ReadonlySet<string>; readonly checksums: ReadonlyMap<string, string> },
): Promise<Difference> {
  if (!checksums.has(file)) return { kind: 'missing', file };
  if (!known.has(file)) return { kind: 'extra', file };
  const line = await firstDifference(join(folder, file), join(again, file));
  if (line === null) throw new Error(`${file} was changed while it was compared`);
  return { kind: 'line', file, ...line };
}

/** What the study does not name comes last. */
function inStudyOrder(files: readonly string[], { captures, loaded }: Evidence): string[] {
  const experiments = [...loaded.index.experiments.keys(), factsExperiment];
  const order = [
    ...[...captures.values()].flatMap(({ name, file }) => [file, layout.captureErrors(name)]),
    ...experiments.map((id) => layout.journal(id)),
  ];
  const rank = new Map(order.map((file, index) => [file, index]));
  const rankOf = (file: string): number => rank.get(file) ?? order.length;
  return [...files].sort((a, b) => rankOf(a) - rankOf(b) || (a < b ? -1 : 1));
}
