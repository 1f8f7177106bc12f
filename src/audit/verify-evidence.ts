import { join, resolve } from 'node:path';
import { EvidenceError, messageOf, RefigureError } from '../core/errors.ts';
import { fileSha256 } from '../core/hash.ts';
import { isDerived, layout } from '../evidence/layout.ts';
import { readManifest, type Checksums } from '../evidence/manifest.ts';
import { openRun, type Evidence } from '../evidence/open.ts';
import { isOverlooked } from '../evidence/overlooked.ts';
import { listEntries, strangeness, type Entry } from '../evidence/run-files.ts';
import { whoRuns } from '../evidence/running.ts';
import { checkCaptures } from './check-captures.ts';
import type { Off } from './off.ts';

/** What an audit of the evidence alone found; another version of Refigure may make another report of it. */
export type EvidenceAudit =
  | {
      readonly state: 'sound';
      readonly evidence: Evidence;
      /** How many the manifest has. */
      readonly files: number;
      /** All files of the folder but those. */
      readonly others: readonly string[];
      /** What a system or an editor left there. */
      readonly overlooked: readonly string[];
    }
  | ({ readonly state: 'off' } & Off);

/**
 * Checks the checksums of the evidence, and the captures against the journals. Only plain files of the folder are opened.
 * Rejects with EvidenceError where there is no run at all.
 */
export async function verifyEvidence(path: string): Promise<EvidenceAudit> {
  const folder = resolve(path);
  const entries = listRun(folder, path);
  const found = await checkManifest(folder, entries);
  if ('what' in found) return { state: 'off', ...found };
  const { checksums, present, overlooked } = found;
  const evidence = await openRun(folder).catch((error: unknown) => {
    if (error instanceof RefigureError) return error;
    throw error;
  });
  // All checksums are right, so the manifest was made over something that is no run.
  if (evidence instanceof RefigureError) return { state: 'off', ...offBy(folder, layout.run, evidence) };
  const off = await checkCaptures(folder, evidence, present, checksums);
  if (off !== null) return { state: 'off', ...off };
  const others = present.filter((file) => !checksums.has(file));
  return { state: 'sound', evidence, files: checksums.size, others, overlooked };
}

function listRun(folder: string, shown: string): Entry[] {
  let entries: Entry[];
  try {
    entries = listEntries(folder);
  } catch (error) {
    throw new EvidenceError(`There is no run at ${shown}: ${messageOf(error)}`, noRunHint, { cause: error });
  }
  if (entries.some(({ path }) => path === layout.run || path === layout.manifest)) return entries;
  throw new EvidenceError(`${shown} holds no run: neither ${layout.run} nor ${layout.manifest} is there.`, noRunHint);
}

const noRunHint = 'Name the folder of a run, as `refigure run` prints it.';

/** An error's sentence about a file, as a clause. */
function offBy(folder: string, file: string, { message }: RefigureError): Off {
  return { file, what: message.replace(/\.$/, '').replace(`${join(folder, file)} `, 'it ') };
}

interface Inventory {
  readonly checksums: Checksums;
  readonly present: readonly string[];
  readonly overlooked: readonly string[];
}

async function checkManifest(folder: string, entries: readonly Entry[]): Promise<Inventory | Off> {
  // Both are read before the kinds of all the others are known.
  for (const file of [layout.manifest, layout.run]) {
    const entry = entries.find(({ path }) => path === file);
    const strange = entry === undefined ? null : strangeness(entry);
    if (strange !== null) return { file, what: strange };
  }
  const checksums = await readManifest(folder).catch((error: unknown) => {
    if (error instanceof EvidenceError) return offBy(folder, layout.manifest, error);
    throw error;
  });
  if (checksums === null) return { file: layout.manifest, what: (await whoRuns(folder)) === null ? unsealed : goesOn };
  if ('what' in checksums) return checksums;

  const isLitter = ({ path }: Entry): boolean => isOverlooked(path) && !checksums.has(path);
  const counted = entries.filter((entry) => !isLitter(entry));
  const present = counted.flatMap(({ path, kind }) => (kind === 'file' ? [path] : []));
  const off =
    checkKinds(counted) ?? (await checkFiles(folder, checksums, new Set(present))) ?? checkEmptiness(counted, entries);
  if (off !== null) return off;
  const overlooked = entries.filter((entry) => isLitter(entry) && entry.kind !== 'folder').map(({ path }) => path);
  return { checksums, present, overlooked };
}

const unsealed =
  'it is missing, as after a run that was killed, so nothing can be checked; `refigure recover` seals what is there';

const goesOn = 'it is missing, for the run still goes on';

function checkKinds(entries: readonly Entry[]): Off | null {
  for (const entry of entries) {
    const what = strangeness(entry);
    if (what !== null) return { file: entry.path, what };
  }
  return null;
}

/** Litter alone makes a folder that is no empty one. */
function checkEmptiness(counted: readonly Entry[], entries: readonly Entry[]): Off | null {
  const inhabited = new Set(entries.map(({ path }) => path.slice(0, Math.max(0, path.lastIndexOf('/')))));
  const empty = counted.find(({ path, kind }) => kind === 'folder' && !inhabited.has(path));
  return empty === undefined ? null : { file: empty.path, what: 'this folder is empty' };
}

/** A path of the manifest is looked up among the files of the folder, so none of them leads anywhere else. */
async function checkFiles(folder: string, checksums: Checksums, present: ReadonlySet<string>): Promise<Off | null> {
  for (const [file, expected] of checksums) {
    if (!present.has(file)) return { file, what: 'it is in the manifest, and is no file of this folder' };
    const actual = await fileSha256(join(folder, file)).catch(() => null);
    if (actual === null) return { file, what: 'it is in the manifest, and cannot be read' };
    if (actual !== expected) return { file, what: `its SHA-256 is ${actual}, and the manifest says ${expected}` };
  }
  const unlisted = [...present].find((file) => !checksums.has(file) && file !== layout.manifest && !isDerived(file));
  return unlisted === undefined ? null : { file: unlisted, what: 'it is not in the manifest' };
}
