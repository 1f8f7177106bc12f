import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { exitStatus, messageOf, StudyError, UsageError } from '../core/errors.ts';
import { jsonLine, stderr } from '../core/terminal.ts';
import { withoutControls } from '../core/terminal-text.ts';
import { observeBytes, parserNames, type Parse, type ParserName } from '../observation/observe.ts';
import { parseSchema } from '../study/schema.ts';
import { schemaProblems, shapeJsonSchema } from '../study/problems.ts';
import { StudySource } from '../study/source.ts';
import { suggest } from '../study/suggest.ts';

/**
 * Prints what is read of a file as JSON, and which lines of it are not, or (status 1) why nothing is read. `-` is the
 * standard input.
 */
export async function observeCommand(written: string, file: string): Promise<number> {
  const kind = kindOf(written);
  const reading = observeBytes(kind, await contentOf(file));
  const name = file === '-' ? 'standard input' : file;
  if (reading.state === 'unreadable') {
    stderr.write(told(name, reading));
    return exitStatus.notUpheld;
  }
  const unread = reading.state === 'partly' ? reading.unread : [];
  process.stdout.write(jsonLine({ ...reading.observation, unread }, 2));
  for (const { line, reason } of unread) stderr.write(told(name, { line, reason: `not read: ${reason}` }));
  return exitStatus.upheld;
}

/** The name of a parser, or a shape as a study writes it. */
function kindOf(written: string): Parse {
  if (isParserName(written)) return written;
  if (!written.trimStart().startsWith('{')) {
    throw new UsageError(
      `There is no kind '${written}'${suggest(written, parserNames)}.`,
      `Kinds: ${parserNames.join(', ')}; or a shape, as '{ regex: "id=(?<id>\\d+)", types: { id: int } }'.`,
    );
  }
  const source = new StudySource('the shape', written);
  const [broken] = source.syntaxProblems();
  const parsed = broken === undefined ? parseSchema.safeParse(source.value(), { reportInput: true }) : null;
  if (parsed?.success === true) return parsed.data;
  const problems =
    broken !== undefined ? [broken] : parsed === null ? [] : schemaProblems(source, parsed.error, shapeJsonSchema);
  throw new StudyError(problems, 'Write it as `parse` of a study has it, between quotation marks.');
}

function isParserName(name: string): name is ParserName {
  return (parserNames as readonly string[]).includes(name);
}

/** A reason may quote what is in the file, which a terminal must not act on. */
function told(name: string, { line, reason }: { readonly line: number | null; readonly reason: string }): string {
  const place = line === null ? name : `${name}:${line}`;
  return `${withoutControls(`${place}: ${reason}`)}\n`;
}

async function contentOf(file: string): Promise<Buffer> {
  if (file === '-') return buffer(process.stdin);
  try {
    return await readFile(file);
  } catch (error) {
    throw new UsageError(
      `${file} cannot be read: ${messageOf(error)}`,
      "Name a file that holds a command's output, or - for the standard input.",
      { cause: error },
    );
  }
}
