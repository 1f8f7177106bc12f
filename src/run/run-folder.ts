import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../core/errors.ts';

/** Where the runs of a study go that are given no other place. */
export function runsFolder(study: string): string {
  return join('reports', study);
}

/**
 * Makes something of `reports/<study>/<UTC time>`, with a number behind it where that exists. `make` throws UsageError where
 * another run, which began in the same second, has taken the folder meanwhile: then the next number is tried.
 */
export function inNewRunFolder<Made>(study: string, make: (folder: string) => Made): Made {
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  for (let number = 1; number < 1000; number += 1) {
    const folder = join(runsFolder(study), `${time}Z${number === 1 ? '' : `-${number}`}`);
    if (existsSync(folder)) continue;
    try {
      return make(folder);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
    }
  }
  throw new UsageError('No free folder for the run was found below reports/.', 'Name one with --out.');
}
