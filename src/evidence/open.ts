import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EvidenceError } from '../core/errors.ts';
import { loadStudy, type LoadedStudy } from '../study/load.ts';
import { readArrivals, type Arrival } from './arrivals.ts';
import { readJournal, type Journal, type RecordedCommand } from './journal.ts';
import { factsExperiment, layout, topologyStep } from './layout.ts';
import { runRecordSchema, type RunRecord } from './run-record.ts';

/** A saved run, read back. Everything that is reported or judged is a function of this and of nothing else. */
export interface Evidence {
  readonly record: RunRecord;
  readonly loaded: LoadedStudy;
  /** By experiment; one that did not begin is missing. */
  readonly journals: ReadonlyMap<string, Journal>;
  /** By experiment: when its journal arrived; missing where that was not noted, as in runs before it was. */
  readonly arrivals: ReadonlyMap<string, readonly Arrival[]>;
  /** What the guest answered about itself; null when the run ended before it was asked. */
  readonly facts: Journal | null;
}

/** Reads a run's folder. Rejects with EvidenceError when it is none, or when it cannot be read. */
export async function openRun(folder: string): Promise<Evidence> {
  const record = await readRecord(folder);
  const loaded = await readStudy(join(folder, layout.study, record.study.file));
  const ids = loaded.study.experiments.map(({ id }) => id);
  return {
    record,
    loaded,
    journals: await readEach(ids, (id) => readJournalFile(folder, id)),
    arrivals: await readEach(ids, (id) => readArrivalsFile(folder, id)),
    facts: await readJournalFile(folder, factsExperiment),
  };
}

async function readRecord(folder: string): Promise<RunRecord> {
  const path = join(folder, layout.run);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new EvidenceError(`${folder} holds no run: ${path} cannot be read.`, 'Name the folder of a run.', {
      cause: error,
    });
  });
  try {
    return runRecordSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new EvidenceError(`${path} is damaged: ${(error as Error).message}`, damagedHint, {
      cause: error,
    });
  }
}

const damagedHint = '`refigure verify` names what is off.';

async function readStudy(path: string): Promise<LoadedStudy> {
  return loadStudy(path).catch((error: unknown) => {
    throw new EvidenceError(`The study of the run is damaged: ${(error as Error).message}`, damagedHint, {
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

/** null where there is no such file: the experiment did not begin. */
async function readJournalFile(folder: string, experiment: string): Promise<Journal | null> {
  const bytes = await readIfThere(join(folder, layout.journal(experiment)), 'A journal');
  return bytes === null ? null : readJournal(bytes);
}

async function readArrivalsFile(folder: string, experiment: string): Promise<readonly Arrival[] | null> {
  const bytes = await readIfThere(join(folder, layout.arrivals(experiment)), 'When a journal arrived');
  return bytes === null ? null : readArrivals(bytes.toString('latin1'));
}

async function readIfThere(path: string, what: string): Promise<Buffer | null> {
  return readFile(path).catch((error: unknown) => {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    throw new EvidenceError(`${what} cannot be read: ${message}`, 'Check the permissions of the run folder.', {
      cause: error,
    });
  });
}

/** A capture that the study declares, and the command that printed it; null when it did not run. */
export interface Capture {
  readonly id: string;
  readonly experiment: string;
  readonly step: string;
  readonly command: RecordedCommand | null;
}

/** The study's captures in its order; a command that a step repeats is matched in order, as when it was recorded. */
export function capturesOf({ loaded, journals }: Evidence): Capture[] {
  return loaded.study.experiments.flatMap((experiment) =>
    experiment.steps.flatMap((step) => {
      const commands = commandsOf(journals.get(experiment.id), step.id);
      return (step.commands ?? []).flatMap(({ capture, run }) => {
        if (capture === undefined) return [];
        const index = commands.findIndex(({ text }) => text === run);
        const command = index < 0 ? null : (commands.splice(index, 1)[0] ?? null);
        return { id: capture, experiment: experiment.id, step: step.id, command };
      });
    }),
  );
}

/** The commands of one step, in the order in which they ran. */
export function commandsOf(journal: Journal | undefined, step: string): RecordedCommand[] {
  return (journal?.commands ?? []).filter((command) => command.step === step);
}

/** What was printed when the network was observed after a step; null when that did not happen, or not to its end. */
export function topologyCommands({ journals }: Evidence, experiment: string, step: string): RecordedCommand[] | null {
  const journal = journals.get(experiment);
  const commands = commandsOf(journal, topologyStep(step));
  return commands.length === 0 || commands.some(({ end }) => end === null) ? null : commands;
}
