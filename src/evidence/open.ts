import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EvidenceError, messageOf } from '../core/errors.ts';
import { loadSavedStudy, type LoadedStudy } from '../study/load.ts';
import type { IndexedStep, StudyIndex } from '../study/study-index.ts';
import { JournalReader, type Journal, type JournalLimits, type RecordedCommand } from './journal.ts';
import { alteredFiles } from './altered.ts';
import { captureFile } from './capture-files.ts';
import { readArrivals, type Arrival } from './arrivals.ts';
import { runDigest } from './digest.ts';
import type { JournalFormat } from './journal-decoder.ts';
import { identifyCommands } from './journal-format-1.ts';
import { judgedOf, type Judged } from './judged.ts';
import { readJudged, type JudgedRecord } from './judged-record.ts';
import { factsExperiment, layout } from './layout.ts';
import { mismatchKey, type Mismatch } from './match-commands.ts';
import { parseRunRecord } from './run-record-format-1.ts';
import { requirePlainEvidence } from './run-files.ts';
import type { RunRecord } from './run-record.ts';
import { hintFor, parseJson, refuseNewerFormat } from './saved-json.ts';

/** A saved run, read back. Everything that is reported or judged is a function of this and of nothing else. */
export interface Evidence {
  readonly record: RunRecord;
  readonly loaded: LoadedStudy;
  /** By experiment; one that did not begin is missing. */
  readonly journals: ReadonlyMap<string, Journal>;
  /** By name, in the study's order. */
  readonly captures: ReadonlyMap<string, Capture>;
  /** By experiment: when its journal arrived; missing where that was not noted, as in runs before it was. */
  readonly arrivals: ReadonlyMap<string, readonly Arrival[]>;
  /** What the guest answered about itself; null when the run ended before it was asked. */
  readonly facts: Journal | null;
  /** Of the journals and captures; null where no other run could have the same: see digest.ts. */
  readonly digest: string | null;
  /** Files that are not what the run has sealed: see altered.ts. */
  readonly altered: readonly string[];
  /** The study is another one than ran; null: it is the one that ran. */
  readonly judged: Judged | null;
}

/** Reads a run's folder. Rejects with EvidenceError when it is none, or when it cannot be read. */
export async function openRun(folder: string): Promise<Evidence> {
  requirePlainEvidence(folder);
  const [ran, other] = [await readRecord(folder), await readJudged(folder)];
  const record = other === null ? ran : { ...ran, study: other.study };
  return readEvidence(folder, ran, other, await readStudy(folder, record, other?.refigure ?? ran.host.refigure));
}

/** The same with another study than is in the folder; `other` tells of it, and of the one that ran. */
export async function openRunBy(folder: string, other: JudgedRecord, study: LoadedStudy): Promise<Evidence> {
  requirePlainEvidence(folder);
  return readEvidence(folder, await readRecord(folder), other, study);
}

async function readEvidence(
  folder: string,
  ran: RunRecord,
  other: JudgedRecord | null,
  loaded: LoadedStudy,
): Promise<Evidence> {
  const record = other === null ? ran : { ...ran, study: other.study };
  const madeBy = ran.host.refigure;
  const ids = [...loaded.index.experiments.keys()];
  const saved = await readEach(ids, (id) => readJournalFile(folder, id, loaded.index.stepsOf(id), madeBy));
  const { journals, mismatches, judged } =
    other === null ? { journals: saved, mismatches: new Map(), judged: null } : judgedOf(ran, other, loaded, saved);
  return {
    record,
    loaded,
    journals,
    captures: readCaptures(loaded.index, journals, mismatches),
    arrivals: await readEach(ids, (id) => readArrivalsFile(folder, id)),
    facts: await readJournalFile(folder, factsExperiment, [], madeBy),
    // The captures have the names of another study.
    digest: judged === null ? await runDigest(folder, record) : null,
    altered: await alteredFiles(folder, ran),
    judged,
  };
}

async function readRecord(folder: string): Promise<RunRecord> {
  const path = join(folder, layout.run);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new EvidenceError(`${folder} holds no run: ${path} cannot be read.`, 'Name the folder of a run.', {
      cause: error,
    });
  });
  return parseRunRecord(parseJson(path, text), path);
}

async function readStudy(folder: string, { study }: RunRecord, madeBy: string): Promise<LoadedStudy> {
  return loadSavedStudy(join(folder, layout.study, study.file)).catch((error: unknown) => {
    throw new EvidenceError(`The study of the run cannot be read: ${messageOf(error)}`, hintFor(madeBy), {
      cause: error,
    });
  });
}

/** Those that are there. */
async function readEach<T>(
  ids: readonly string[],
  read: (id: string) => Promise<T | null>,
): Promise<ReadonlyMap<string, T>> {
  const found = await Promise.all(ids.map(async (id) => [id, await read(id)] as const));
  return new Map(found.flatMap(([id, content]) => (content === null ? [] : [[id, content]])));
}

/** A ping that floods for minutes stays below; a report shows 64 KiB. */
const limits: JournalLimits = { perOutput: 16 * 1024 * 1024, inAll: 64 * 1024 * 1024 };

/** null where there is no such file: the experiment did not begin. */
async function readJournalFile(
  folder: string,
  experiment: string,
  steps: readonly IndexedStep[],
  madeBy: string,
): Promise<Journal | null> {
  const reader = new JournalReader(limits);
  const file = join(folder, layout.journal(experiment));
  let isFirst = true;
  const isThere = await readIfThere(file, 'A journal', (bytes) => {
    if (isFirst) refuseNewerFormat({ file, newestFormat: newestJournal, madeBy }, journalFormat(bytes));
    isFirst = false;
    reader.push(bytes);
  });
  if (!isThere) return null;
  const journal = reader.end();
  return journal.format === 1 ? identifyCommands(journal, steps) : journal;
}

const newestJournal: JournalFormat = 3;

/** What the header says; null where there is none. */
function journalFormat(beginning: Buffer): number | null {
  const format = /^refigure-journal (\d{1,9}) /.exec(beginning.toString('latin1', 0, 64))?.[1];
  return format === undefined ? null : Number(format);
}

async function readArrivalsFile(folder: string, experiment: string): Promise<readonly Arrival[] | null> {
  const pieces: Buffer[] = [];
  const path = join(folder, layout.arrivals(experiment));
  const isThere = await readIfThere(path, 'When a journal arrived', (bytes) => pieces.push(bytes));
  return isThere ? readArrivals(Buffer.concat(pieces).toString('latin1')) : null;
}

/** false: there is no such file. */
async function readIfThere(path: string, what: string, take: (bytes: Buffer) => void): Promise<boolean> {
  try {
    for await (const bytes of createReadStream(path)) take(bytes as Buffer);
    return true;
  } catch (error) {
    if (error instanceof EvidenceError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return false;
    throw new EvidenceError(`${what} cannot be read: ${message}`, 'Check the permissions of the run folder.', {
      cause: error,
    });
  }
}

/** A capture that the study declares, and the command that printed it; null when it did not run. */
export interface Capture {
  readonly name: string;
  /** Of the evidence, relative to the run's folder. */
  readonly file: string;
  /** The path in the guest, where it is a file that was collected; null: what a command printed. */
  readonly collected: string | null;
  readonly experiment: string;
  readonly command: RecordedCommand | null;
  /** Why it has none where the study is not the one that ran. */
  readonly mismatch: Mismatch | null;
}

function readCaptures(
  { captures }: StudyIndex,
  journals: Evidence['journals'],
  mismatches: ReadonlyMap<string, Mismatch>,
): ReadonlyMap<string, Capture> {
  return new Map(
    [...captures.values()].map((capture) => {
      const {
        name,
        step,
        command: { id, file: collected = null },
      } = capture;
      const ran = commandsOf(journals.get(step.experiment.id), step.step.id);
      const command = id === null ? undefined : ran.find((each) => each.id === id);
      const mismatch = (id === null ? undefined : mismatches.get(mismatchKey(step, id))) ?? null;
      const of = { name, file: captureFile(capture), collected, experiment: step.experiment.id };
      return [name, { ...of, command: command ?? null, mismatch }] as const;
    }),
  );
}

/** What each command of the experiments printed, as far as it is held. */
export function outputsOf({ journals }: Evidence): Buffer[] {
  return [...journals.values()].flatMap(({ commands }) => commands.map(({ output }) => output));
}

/** The study's commands of one step, in the order in which they ran. */
export function commandsOf(journal: Journal | undefined, step: string): RecordedCommand[] {
  return (journal?.commands ?? []).filter((command) => command.purpose === 'study' && command.step === step);
}

/** The probes that observed the network after a step; null when that did not happen, or not to its end. */
export function topologyProbes(
  { journals }: Evidence,
  { experiment, step }: Pick<IndexedStep, 'experiment' | 'step'>,
): RecordedCommand[] | null {
  const commands = (journals.get(experiment.id)?.commands ?? []).filter(
    (command) => command.purpose === 'topology' && command.step === step.id,
  );
  return commands.length === 0 || commands.some(({ end }) => end === null) ? null : commands;
}
