import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EvidenceError } from '../core/errors.ts';
import { loadStudy, type LoadedStudy } from '../study/load.ts';
import { JournalReader, type Journal, type JournalLimits, type RecordedCommand } from './journal.ts';
import { factsExperiment, layout, topologyStep } from './layout.ts';
import { runRecordSchema, type RunRecord } from './run-record.ts';

/** A saved run, read back. Everything that is reported or judged is a function of this and of nothing else. */
export interface Evidence {
  readonly record: RunRecord;
  readonly loaded: LoadedStudy;
  /** By experiment; one that did not begin is missing. */
  readonly journals: ReadonlyMap<string, Journal>;
  /** What the guest answered about itself; null when the run ended before it was asked. */
  readonly facts: Journal | null;
}

/** Reads a run's folder. Rejects with EvidenceError when it is none, or when it cannot be read. */
export async function openRun(folder: string): Promise<Evidence> {
  const record = await readRecord(folder);
  const loaded = await readStudy(join(folder, layout.study, record.study.file));
  const journals = await Promise.all(
    loaded.study.experiments.map(async ({ id }) => [id, await readJournalFile(folder, id)] as const),
  );
  return {
    record,
    loaded,
    journals: new Map(journals.flatMap(([id, journal]) => (journal === null ? [] : [[id, journal]]))),
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

/** A ping that floods for minutes stays below; a report shows 64 KiB. */
const limits: JournalLimits = { perOutput: 16 * 1024 * 1024, inAll: 64 * 1024 * 1024 };

/** null where there is no such file: the experiment did not begin. */
async function readJournalFile(folder: string, experiment: string): Promise<Journal | null> {
  const reader = new JournalReader(limits);
  try {
    for await (const bytes of createReadStream(join(folder, layout.journal(experiment)))) {
      reader.push(bytes as Buffer);
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    throw new EvidenceError(`A journal cannot be read: ${message}`, 'Check the permissions of the run folder.', {
      cause: error,
    });
  }
  return reader.end();
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
