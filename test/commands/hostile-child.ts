import { readFileSync } from 'node:fs';
import { main } from '../../src/commands/program.ts';

// Runs command lines one after the other in one process: the argument names a file of JSON, `[["verify", "RUN"], …]`. On both
// streams a line of its own stands before what each prints.

const lines = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as string[][];
for (const [at, words] of lines.entries()) {
  for (const stream of [process.stdout, process.stderr]) stream.write(`\n=== ${at}\n`);
  const status = await main([process.execPath, 'refigure', ...words]);
  process.stderr.write(`\n=== status ${status}\n`);
}
