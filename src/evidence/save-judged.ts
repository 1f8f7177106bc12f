import { createReadStream, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { EvidenceError, UsageError } from '../core/errors.ts';
import { recordedMessageOf } from '../core/without-folders.ts';
import type { LoadedStudy } from '../study/load.ts';
import { isCapture } from './digest.ts';
import { JournalDecoder } from './journal-decoder.ts';
import { judgedText, type JudgedRecord } from './judged-record.ts';
import { isAsRan, judgedRecord, readSealed } from './judge-by.ts';
import { layout } from './layout.ts';
import { openRun, type Capture, type Evidence } from './open.ts';
import { EvidenceWriter } from './writer.ts';

/**
 * Saves the evidence of a run with another study in place of its own, in a folder that is new or empty: run.json, journals
 * and whatever else the guest gave byte for byte, the captures anew from the journals. Rejects with EvidenceError where
 * `folder` holds no sealed run, or where what would be copied was changed since, and with UsageError where `out` holds something or the study is
 * the one that ran.
 */
export async function saveJudged(folder: string, study: LoadedStudy, out: string): Promise<void> {
  const evidence = await openRun(folder);
  const checksums = await readSealed(folder);
  const kept = [...checksums.keys()].filter((file) => !isReplaced(file));
  refuseAltered(folder, evidence, kept);
  const record = await judgedRecord(folder, evidence, study, checksums);
  refuseSame(record, study);
  const isNew = !existsSync(out);
  const writer = new EvidenceWriter(out);
  try {
    for (const file of kept) await copy(join(folder, file), file, writer);
    for (const { path, content } of study.files) writer.put(`${layout.study}/${path}`, content);
    writer.put(layout.judged, judgedText(record));
    // Read back, so that the captures are those that every later reader will look for.
    await writeCaptures(await openRun(out), writer);
    writer.seal();
  } catch (error) {
    writer.abandon(recordedMessageOf(error, writer.folder));
    // Nothing in it is the only copy, and half of a run must not be taken for a run that was cut off.
    if (isNew) rmSync(out, { recursive: true, force: true });
    throw error;
  }
}

function refuseSame(record: JudgedRecord, { source, files }: LoadedStudy): void {
  if (!isAsRan(record, files)) return;
  throw new UsageError(
    `The study ${source.file} is the one that ran, to the byte: there is nothing to judge anew.`,
    '`refigure report` makes the report of the run again.',
  );
}

/** What the folder with the other study has of its own. */
function isReplaced(file: string): boolean {
  return file === layout.judged || file.startsWith(`${layout.study}/`) || isCapture(file);
}

/** The new folder gets a manifest of its own, which must not cover up what was done to the old one. */
function refuseAltered(folder: string, { altered }: Evidence, kept: readonly string[]): void {
  const copied = new Set([...kept, layout.manifest]);
  const files = altered.filter((file) => copied.has(file));
  if (files.length === 0) return;
  throw new EvidenceError(
    `${folder} is not as it was sealed. Since then these files were changed or removed: ${files.join(', ')}.`,
    'Get the folder again from whoever made it.',
  );
}

async function copy(from: string, to: string, writer: EvidenceWriter): Promise<void> {
  writer.append(to, Buffer.alloc(0));
  for await (const bytes of createReadStream(from)) writer.append(to, bytes as Buffer);
}

/** From the journals, for of a huge output not all is held in memory. */
async function writeCaptures({ captures, journals }: Evidence, writer: EvidenceWriter): Promise<void> {
  for (const experiment of journals.keys()) {
    const saved = new Map<number, Pick<Capture, 'name' | 'file'>>();
    for (const { name, file, experiment: of, command } of captures.values()) {
      if (of === experiment && command !== null) saved.set(command.number, { name, file });
    }
    for (const { file } of saved.values()) writer.append(file, Buffer.alloc(0));
    const decoder = new JournalDecoder((event) => {
      const capture = event.kind === 'output' ? saved.get(event.number) : undefined;
      if (event.kind !== 'output' || capture === undefined) return;
      writer.append(event.stream === 'error' ? layout.captureErrors(capture.name) : capture.file, event.bytes);
    });
    const journal = createReadStream(join(writer.folder, layout.journal(experiment)));
    for await (const bytes of journal) decoder.push(bytes as Buffer);
    decoder.end();
  }
}
