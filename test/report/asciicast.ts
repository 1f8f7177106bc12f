import type { Journal } from '../../src/evidence/journal.ts';

/** A recording in asciicast v2: each command as it was begun, and all that it printed as it ended. */
export function asciicastOf({ commands }: Journal): string {
  const start = commands[0]?.startS ?? 0;
  const events = commands.flatMap(({ text, startS, end, output }) => [
    [startS - start, 'o', `# ${text}\r\n`],
    [(end?.uptimeS ?? startS) - start, 'o', output.toString('utf8').replaceAll('\n', '\r\n')],
  ]);
  return [{ version: 2, width: 110, height: 24 }, ...events].map((line) => `${JSON.stringify(line)}\n`).join('');
}
