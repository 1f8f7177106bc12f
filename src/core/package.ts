import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder that holds package.json: two above this file, in `src/` as in `dist/`. */
const root = new URL('../../', import.meta.url);

/** Absolute path of a file that ships with the package, named from the package's folder with `/`. */
export function packagePath(relative: string): string {
  return fileURLToPath(new URL(relative, root));
}

/**
 * Whether this is a checkout, whose folder is the user's to keep things in. Into the folder of an installed package nothing is
 * written: it may be another user's, and goes with the next version. The sources are not in the package.
 */
export const isCheckout: boolean = existsSync(packagePath('src/cli.ts'));

export const packageVersion: string = (
  JSON.parse(readFileSync(packagePath('package.json'), 'utf8')) as { version: string }
).version;
