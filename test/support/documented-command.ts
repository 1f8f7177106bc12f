import { readFile } from 'node:fs/promises';
import { packagePath } from '../../src/core/package.ts';

/** The first shell command after the bold words `heading` in docs/digest.md. */
export async function documentedCommand(heading: string): Promise<string> {
  const text = await readFile(packagePath('docs/digest.md'), 'utf8');
  const [, after] = text.split(`**${heading}.**`);
  const command = /```sh\n(.*?)\n```/s.exec(after ?? '')?.[1];
  if (command === undefined) throw new Error(`docs/digest.md has no command for '${heading}'`);
  return command;
}
