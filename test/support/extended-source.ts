import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { packagePath } from '../../src/core/package.ts';
import { limits } from './limits.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** What is added to a copy of the source; paths are relative to the package's folder, with `/`. */
export interface Extension {
  /** New files: content by path. None of them may be there already. */
  readonly files: Readonly<Record<string, string>>;
  /** New lines, each behind a line that stands once in its file. */
  readonly lines: readonly { readonly file: string; readonly after: string; readonly line: string }[];
}

/** What an extension may change, and so is copied. */
const copied = ['src', 'reports/templates', 'package.json', 'tsconfig.json'];
/** What it uses as it is; a junction where the system is Windows, for that needs no right of its own. */
const linked = ['node_modules', 'guest', 'experiments'];

/** Copies the source into a folder of its own, which goes when the test ends, and extends it there. */
export async function extendedSource(t: ExecutionContext, { files, lines }: Extension): Promise<string> {
  const folder = await temporaryFolder(t);
  for (const path of copied) await cp(packagePath(path), join(folder, path), { recursive: true });
  for (const path of linked) await symlink(packagePath(path), join(folder, path), 'junction');
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content, { flag: 'wx' });
  }
  for (const { file, after, line } of lines) {
    const path = join(folder, file);
    await writeFile(path, withLine(await readFile(path, 'utf8'), after, line));
  }
  return folder;
}

function withLine(text: string, after: string, line: string): string {
  const all = text.split('\n');
  if (all.filter((each) => each === after).length !== 1) throw new Error(`not one line is '${after}'`);
  return all.flatMap((each) => (each === after ? [each, line] : [each])).join('\n');
}

/**
 * A file of test/fixtures/extension, which imports from the source where it lies, as it would stand two folders below
 * the package's folder: in a room of src, or (`depth` 3) in a room within a room.
 */
export async function extensionFixture(name: string, depth: 2 | 3): Promise<string> {
  const text = await readFile(packagePath(`test/fixtures/extension/${name}`), 'utf8');
  return text.replaceAll("'../../../src/", `'${'../'.repeat(depth - 1)}`);
}

export interface ProcessEnd {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line of a copy. */
export function runExtended(folder: string, args: readonly string[]): Promise<ProcessEnd> {
  const program = ['--import', import.meta.resolve('tsx'), join(folder, 'src/cli.ts'), ...args];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, program, { cwd: folder, timeout: limits.processMs }, (error, stdout, stderr) => {
      if (error !== null && typeof error.code !== 'number') reject(new Error(error.message, { cause: error }));
      else resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}
