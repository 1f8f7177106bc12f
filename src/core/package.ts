import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder that holds package.json: two above this file, in `src/` as in `dist/`. */
const root = new URL('../../', import.meta.url);

/** Absolute path of a file that ships with the package, named from the package's folder with `/`. */
export function packagePath(relative: string): string {
  return fileURLToPath(new URL(relative, root));
}

export const packageVersion: string = (
  JSON.parse(readFileSync(packagePath('package.json'), 'utf8')) as { version: string }
).version;
