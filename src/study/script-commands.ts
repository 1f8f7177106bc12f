import { LangVariant, parse, type Comment, type File } from 'sh-syntax';
import { messageOf } from '../core/errors.ts';
import { remember } from '../core/remember.ts';

/** One command of a script that stands at its top level: the lines that the shell reads before it runs anything of them. */
export interface ScriptCommand {
  /** Its first line, from 1. */
  readonly line: number;
  /** Its lines as they stand in the script, without the newline at their end. */
  readonly text: string;
}

/** What keeps the parser from taking a script apart. */
export interface SyntaxFault {
  readonly message: string;
  readonly line: number;
  readonly column: number;
  /** The script ends within something that begins there. */
  readonly isIncomplete: boolean;
}

export type ScriptParts =
  | { readonly kind: 'commands'; readonly commands: readonly ScriptCommand[] }
  | { readonly kind: 'fault'; readonly fault: SyntaxFault };

/** A longer script is run, and not taken apart; the parser's memory is bounded by this. */
export const maxScriptBytes = 128 * 1024;

/** A study repeats texts, and is read again with each change while it is watched. */
const mostKnown = 2000;

/**
 * The commands of a shell script, in its order; or why it can't be told where each begins: it is no shell script, or has a
 * syntax error. Statements that share a line are one command.
 */
export const scriptCommands = remember(mostKnown, async (text): Promise<ScriptParts> => {
  const asBash = await parseAs(text, LangVariant.LangBash);
  const parsed = 'fault' in asBash ? await parseAs(text, LangVariant.LangPOSIX) : asBash;
  if ('file' in parsed) return { kind: 'commands', commands: commandsOf(parsed.file, text.split('\n')) };
  return { kind: 'fault', fault: 'fault' in asBash ? asBash.fault : parsed.fault };
});

/** Whether a command line is whole, so that what follows it on the next line is another one. */
export async function isComplete(text: string): Promise<boolean> {
  return !/\\$/.test(text) && (await scriptCommands(`${text}\n`)).kind === 'commands';
}

/** A file as the parser gives it: `Last` are the comments behind its last statement. */
interface ScriptFile extends File {
  readonly Last?: readonly Comment[];
}

/** What the parser rejects with (mvdan.cc/sh/v3/syntax, ParseError). */
interface ParserError {
  readonly Text?: string;
  readonly Incomplete?: boolean;
  readonly Pos?: { readonly Line: number; readonly Col: number };
}

type Parsed = { readonly file: ScriptFile } | { readonly fault: SyntaxFault };

async function parseAs(text: string, variant: LangVariant): Promise<Parsed> {
  return parse(text, { variant }).then(
    (file) => ({ file }),
    (error: unknown) => {
      const { Text: message = messageOf(error), Incomplete: isIncomplete = false, Pos: at } = error as ParserError;
      return { fault: { message, line: at?.Line ?? 1, column: at?.Col ?? 1, isIncomplete } };
    },
  );
}

function commandsOf({ Stmts: statements, Last: trailing = [] }: ScriptFile, lines: readonly string[]): ScriptCommand[] {
  const comments = new Set([...statements.flatMap(({ Comments }) => Comments), ...trailing].map(({ Pos }) => Pos.Line));
  const starts: { readonly line: number; endLine: number }[] = [];
  for (const { Pos: start, End: end } of statements) {
    const last = starts.at(-1);
    if (last !== undefined && start.Line <= last.endLine) last.endLine = Math.max(last.endLine, end.Line);
    else starts.push({ line: start.Line, endLine: end.Line });
  }
  return starts.map(({ line, endLine }, index) => {
    // What stands between two commands, and is neither blank nor a comment, is the here-documents of the first one.
    let last = (starts[index + 1]?.line ?? lines.length + 1) - 1;
    while (last > endLine && (comments.has(last) || (lines[last - 1] ?? '').trim() === '')) last -= 1;
    return { line, text: lines.slice(line - 1, last).join('\n') };
  });
}
