import { exitStatus } from '../core/errors.ts';
import { stdout } from '../core/terminal.ts';
import { lineOnTerminal } from '../core/terminal-text.ts';
import { recoverRun } from '../run/recover.ts';

export async function recoverCommand(folder: string): Promise<number> {
  const recovery = await recoverRun(folder);
  if (recovery.state === 'sealed already') {
    say(`${folder} is sealed already; nothing was changed. \`refigure verify\` checks it.`);
    return exitStatus.upheld;
  }
  const { files, reason } = recovery;
  const what =
    reason === null
      ? 'as a complete run, whose manifest was lost. What was changed since then, nobody can tell.'
      : `as a partial run. Why it ended: ${reason}`;
  say(`${folder}: sealed, ${files} files, ${what}`);
  say(`\`refigure report ${folder}\` makes its report.`);
  return exitStatus.upheld;
}

function say(line: string): void {
  stdout.write(`${lineOnTerminal(line)}\n`);
}
