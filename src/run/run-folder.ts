import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../core/errors.ts';

/** Where the runs of a study go that are given no other place. */
export function runsFolder(study: string): string {
  return join('reports', study);
}

/** `reports/<study>/<UTC time>`, with a number behind it where that exists. */
export function newRunFolder(study: string): string {
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  for (let number = 1; number < 1000; number += 1) {
    const folder = join(runsFolder(study), `${time}Z${number === 1 ? '' : `-${number}`}`);
    if (!existsSync(folder)) return folder;
  }
  throw new UsageError('No free folder for the run was found below reports/.', 'Name one with --out.');
}
