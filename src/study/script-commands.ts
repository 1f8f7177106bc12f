import { LangVariant, parse, type Comment, type File } from 'sh-syntax';

/** One command of a script that stands at its top level: the lines that the shell reads before it runs anything of them. */
export interface ScriptCommand {
  /** Its first line, from 1. */
  readonly line: number;
  /** Its lines as they stand in the script, without the newline at their end. */
  readonly text: string;
}

/** A longer script is run, and not taken apart; the parser's memory is bounded by this. */
const maxBytes = 128 * 1024;

/**
 * The commands of a shell script, in its order; null where it can't be told where each begins: of what is no shell script, or
 * of one with a syntax error. Statements that share a line are one command.
 */
export async function scriptCommands(content: Buffer): Promise<readonly ScriptCommand[] | null> {
  if (content.length > maxBytes) return null;
  const text = content.toString('utf8');
  const file = (await parseAs(text, LangVariant.LangBash)) ?? (await parseAs(text, LangVariant.LangPOSIX));
  return file === null ? null : commandsOf(file, text.split('\n'));
}

async function parseAs(text: string, variant: LangVariant): Promise<ScriptFile | null> {
  return parse(text, { variant }).catch(() => null);
}

/** A file as the parser gives it: `Last` are the comments behind its last statement. */
interface ScriptFile extends File {
  readonly Last?: readonly Comment[];
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
