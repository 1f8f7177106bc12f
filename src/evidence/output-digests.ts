import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { JournalDecoder, type JournalEvent } from './journal-decoder.ts';

/** SHA-256 of all that a command printed, however much; `errorOutput` is null where standard error was not kept apart. */
export interface OutputDigest {
  readonly output: string;
  readonly errorOutput: string | null;
}

/** The digests of a journal's commands, by their numbers. Rejects when the file cannot be read. */
export async function outputDigests(path: string): Promise<ReadonlyMap<number, OutputDigest>> {
  const hashes = new Map<number, { output: Hash; errorOutput: Hash | null }>();
  const decoder = new JournalDecoder((event: JournalEvent) => {
    if (event.kind === 'start') hashes.set(event.number, { output: createHash('sha256'), errorOutput: null });
    if (event.kind !== 'output') return;
    const command = hashes.get(event.number);
    if (command === undefined) return;
    if (event.stream === 'error') command.errorOutput ??= createHash('sha256');
    (event.stream === 'error' ? command.errorOutput : command.output)?.update(event.bytes);
  });
  for await (const bytes of createReadStream(path)) decoder.push(bytes as Buffer);
  decoder.end();
  return new Map(
    [...hashes].map(([number, { output, errorOutput }]) => [
      number,
      { output: output.digest('hex'), errorOutput: errorOutput?.digest('hex') ?? null },
    ]),
  );
}
