// The command line as the tests run it: compiled once for all of them, since tsx takes longer to load it than most commands run.
import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
// Two folders below the package's own, as dist/ is: a module finds the package by that.
const folder = join(root, 'dist-test');
const stamp = join(folder, 'made');

/** Compiles it where a source has changed since. Types are not checked: `npm run typecheck` does that. */
export function buildProgram() {
  const sources = readdirSync(join(root, 'src'), { recursive: true }).map((name) => join(root, 'src', name));
  const settings = ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json'].map((name) => join(root, name));
  const changedMs = Math.max(...[...sources, ...settings].map((path) => statSync(path).mtimeMs));
  if (changedMs < (statSync(stamp, { throwIfNoEntry: false })?.mtimeMs ?? 0)) return;
  const begunAt = new Date();
  rmSync(folder, { recursive: true, force: true });
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const words = [compiler, '-p', 'tsconfig.build.json', '--noCheck', '--declaration', 'false', '--outDir', folder];
  execFileSync(process.execPath, words, { cwd: root, stdio: 'inherit' });
  writeFileSync(stamp, '');
  utimesSync(stamp, begunAt, begunAt);
}
