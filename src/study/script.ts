import { interpreterOf, type Interpreter } from './interpreter.ts';
import { maxScriptBytes, scriptCommands, type ScriptCommand, type SyntaxFault } from './script-commands.ts';
import { untraceable } from './untraceable.ts';

/** How a step is traced; `whole`: as one command, and why (`interpreter`, `syntax`, `size`, `construct: set -v` …). */
export type Traced = { readonly kind: 'commands' } | { readonly kind: 'whole'; readonly why: string };

/** A script of a study. */
export interface Script {
  readonly content: Buffer;
  readonly text: string;
  readonly interpreter: Interpreter;
  readonly traced: Traced;
  /** null: they can't be told apart. */
  readonly commands: readonly ScriptCommand[] | null;
  /** Why they can't, in a script that a shell runs. */
  readonly fault: SyntaxFault | null;
}

/** The scripts of a study, by their paths. */
export type ScriptsByPath = ReadonlyMap<string, Script>;

export async function readScript(content: Buffer): Promise<Script> {
  const text = content.toString('utf8');
  const interpreter = interpreterOf(text);
  const read = { content, text, interpreter, commands: null, fault: null };
  if (interpreter.shell === null) return { ...read, traced: whole('interpreter') };
  if (content.length > maxScriptBytes) return { ...read, traced: whole('size') };
  const parts = await scriptCommands(text);
  if (parts.kind === 'fault') return { ...read, fault: parts.fault, traced: whole('syntax') };
  const why = untraceable(text, interpreter) ?? (/\\$/.test(text) ? 'syntax' : null);
  return { ...read, commands: parts.commands, traced: why === null ? { kind: 'commands' } : whole(why) };
}

function whole(why: string): Traced {
  return { kind: 'whole', why };
}
