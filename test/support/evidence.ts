import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { Verdict } from '../../src/claim/judge.ts';
import { findingsOf } from '../../src/comparison/findings.ts';
import { packagePath } from '../../src/core/package.ts';
import { sha256 } from '../../src/core/hash.ts';
import { layout } from '../../src/evidence/layout.ts';
import { openRun } from '../../src/evidence/open.ts';
import { parseRunRecord } from '../../src/evidence/run-record-format-1.ts';
import type { RunRecord } from '../../src/evidence/run-record.ts';
import { listFiles } from '../../src/evidence/run-files.ts';
import { EvidenceWriter } from '../../src/evidence/writer.ts';
import { writeReport } from '../../src/report/write-report.ts';
import { shared, temporaryCopy } from './temporary-folder.ts';

/**
 * A run of the first format: evidence of a real guest that is never made again, so what is in it may be named by tests.
 * It has no report, and nobody may change it.
 */
export const oldRun = packagePath('test/fixtures/runs/format-1');

/** A copy of it that a test may change. */
export function copyOfOldRun(t: ExecutionContext): Promise<string> {
  return temporaryCopy(t, oldRun);
}

/** A copy of it with its report, which nobody may change either. */
export const oldRunWithReport = shared(async (parent) => {
  const folder = join(parent, 'run');
  await cp(oldRun, folder, { recursive: true });
  await writeReport(folder, ['en', 'zh']);
  return folder;
});

/** A command of the study: the first one with this text in the step. */
export interface Place {
  readonly experiment: string;
  readonly step: string;
  readonly command: string;
}

/** Replaces what a command printed, in the journal alone: the mark before and the mark after it stay. */
export async function replaceOutput(folder: string, place: Place, output: string | Buffer): Promise<void> {
  await editJournal(folder, place, (journal, { outputStart, outputEnd }) => [
    journal.subarray(0, outputStart),
    Buffer.from(output),
    journal.subarray(outputEnd),
  ]);
}

/** What a command printed, edited as text. */
export async function editOutput(folder: string, place: Place, edit: (output: string) => string): Promise<void> {
  await editJournal(folder, place, (journal, { outputStart, outputEnd }) => [
    journal.subarray(0, outputStart),
    Buffer.from(edit(journal.subarray(outputStart, outputEnd).toString('utf8'))),
    journal.subarray(outputEnd),
  ]);
}

/** As if the command had not run. */
export async function dropCommand(folder: string, place: Place): Promise<void> {
  await editJournal(folder, place, (journal, { start, end }) => [journal.subarray(0, start), journal.subarray(end)]);
}

/** As if the connection had been lost while the command ran, after `bytes` of its output. */
export async function cutJournal(folder: string, place: Place, bytes: number): Promise<void> {
  await editJournal(folder, place, (journal, { outputStart }) => [journal.subarray(0, outputStart + bytes)]);
}

/** Changes `run.json`. */
export async function editRecord(folder: string, edit: (record: RunRecord) => void): Promise<void> {
  const path = join(folder, layout.run);
  const record = parseRunRecord(JSON.parse(await readFile(path, 'utf8')));
  edit(record);
  await writeFile(path, `${JSON.stringify(record, null, 2)}\n`);
}

/** Changes the study as it was run; fails when there is nothing to change. */
export async function editStudy(folder: string, from: string | RegExp, to: string): Promise<void> {
  const path = join(folder, layout.study, 'study.yaml');
  const text = await readFile(path, 'utf8');
  const edited = text.replace(from, to);
  if (edited === text) throw new Error(`the study has no '${String(from)}'`);
  await writeFile(path, edited);
}

/** Makes the captures and the manifest anew from the journals, as the run itself would have made them. */
export async function reseal(folder: string): Promise<void> {
  const evidence = await openRun(folder);
  await rm(join(folder, 'captures'), { recursive: true });
  const others = listFiles(folder).filter((file) => !isDerived(file));
  const contents = new Map(
    await Promise.all(others.map(async (file) => [file, await readFile(join(folder, file))] as const)),
  );
  await rm(folder, { recursive: true });
  const writer = new EvidenceWriter(folder);
  for (const [file, content] of contents) writer.put(file, content);
  for (const { name: id, command } of evidence.captures.values()) {
    if (command === null) continue;
    writer.append(layout.capture(id), command.output);
    if (command.errorOutput !== null) writer.append(layout.captureErrors(id), command.errorOutput);
  }
  writer.seal();
}

/** Puts a file's present checksum into the manifest. */
export async function fixChecksum(folder: string, file: string): Promise<void> {
  const path = join(folder, layout.manifest);
  const manifest = JSON.parse(await readFile(path, 'utf8')) as { files: Record<string, string> };
  manifest.files[file] = sha256(await readFile(join(folder, file)));
  await writeFile(path, `${JSON.stringify(manifest, null, 2)}\n`);
}

/** The verdict on one claim, from the evidence alone. */
export async function verdictOf(folder: string, claim: string): Promise<Verdict> {
  const found = findingsOf(await openRun(folder)).verdicts.find((verdict) => verdict.claim === claim);
  if (found === undefined) throw new Error(`there is no claim '${claim}'`);
  return found;
}

/** Every file below a folder with its content, to see that nothing changed. */
export async function snapshot(folder: string): Promise<Map<string, string>> {
  const files = listFiles(folder).map(async (file) => [file, sha256(await readFile(join(folder, file)))] as const);
  return new Map(await Promise.all(files));
}

function isDerived(file: string): boolean {
  return file === layout.manifest || file === layout.verdicts || /^(?:figures\/|recordings\/|report\.)/.test(file);
}

interface Extent {
  /** Of the mark that begins the command; of the first byte after the mark that ends it. */
  readonly start: number;
  readonly end: number;
  readonly outputStart: number;
  readonly outputEnd: number;
}

async function editJournal(
  folder: string,
  place: Place,
  edit: (journal: Buffer, extent: Extent) => readonly Buffer[],
): Promise<void> {
  const path = join(folder, layout.journal(place.experiment));
  const journal = await readFile(path);
  await writeFile(path, Buffer.concat(edit(journal, find(journal, place))));
}

/** Finds a command by its marks (the format is in src/run/journal.sh); latin1, so that characters are bytes. */
function find(journal: Buffer, { experiment, step, command }: Place): Extent {
  const text = journal.toString('latin1');
  const nonce = /^refigure-journal [12] (\S+)\n/.exec(text)?.[1] ?? '';
  const typed = Buffer.from(command).toString('latin1');
  const afterStep = match(text, new RegExp(`\n#${nonce} \\d+ step ${step}(?: .*)?\n`), 0);
  const begin = match(
    text,
    new RegExp(`\n#${nonce} \\d+ command (\\d+)(?: .*)?\n${escapeRegExp(typed)}\n#${nonce} \\d+ run \\1 \\S+\n`),
    afterStep.end,
  );
  const end = match(text, new RegExp(`\n#${nonce} \\d+ end \\S+ \\S+ \\S+ \\S+\n`), begin.end);
  return { start: begin.start, end: end.end, outputStart: begin.end, outputEnd: end.start };

  function match(where: string, pattern: RegExp, from: number): { start: number; end: number } {
    const found = pattern.exec(where.slice(from));
    if (found === null) throw new Error(`${experiment}/${step} has no '${command}'`);
    return { start: from + found.index, end: from + found.index + found[0].length };
  }
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
