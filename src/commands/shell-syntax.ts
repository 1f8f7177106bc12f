import { execa } from 'execa';
import which from 'which';
import { messageOf } from '../core/errors.ts';
import { remember } from '../core/remember.ts';
import type { Script } from '../study/script.ts';

/** What a shell has against a script. */
export interface ShellVerdict {
  readonly line: number;
  readonly message: string;
  /** The shells of this machine that refuse the script; empty: none was asked, and it is the parser's verdict. */
  readonly refusedBy: readonly string[];
  /** Those that take it. */
  readonly takenBy: readonly string[];
}

/** Long enough for any script on a busy machine. */
const limitMs = 20_000;

/**
 * Whether a script is one for a shell at all: asked of the shells of this machine, which read it and run nothing (`-n`); of
 * the parser where there is none. null: no shell has anything against it, or it is no shell script.
 */
export async function shellVerdict(script: Script): Promise<ShellVerdict | null> {
  const { shell } = script.interpreter;
  if (shell === null) return null;
  const asked = await Promise.all(candidates[shell].map((name) => askers[name](script.text)));
  const answers = asked.filter((answer) => answer !== null);
  const refusals = answers.filter(({ complaint }) => complaint !== null);
  const [first] = refusals;
  const { fault } = script;
  if (answers.length === 0) {
    return fault === null ? null : { line: fault.line, message: fault.message, refusedBy: [], takenBy: [] };
  }
  if (first?.complaint == null) return null;
  const [refusedBy, takenBy] = [refusals, answers.filter(({ complaint }) => complaint === null)].map((list) =>
    list.map(({ name }) => name),
  ) as [string[], string[]];
  // A shell names the last line of what never ends; the parser knows where it begins.
  if (fault?.isIncomplete === true) {
    const message = `the script never becomes complete from line ${fault.line} on: ${fault.message}`;
    return { line: fault.line, message, refusedBy, takenBy };
  }
  return { ...first.complaint, refusedBy, takenBy };
}

/** `sh` is dash or bash, as the guest has it. */
const candidates = { sh: ['dash', 'bash'], dash: ['dash'], ash: ['dash'], bash: ['bash'] } as const;

/** A study is read again with each change while it is watched. */
const mostKnown = 500;

/** Each shell reads a script once. */
const askers = {
  dash: remember(mostKnown, (text) => ask('dash', text)),
  bash: remember(mostKnown, (text) => ask('bash', text)),
};

interface Answer {
  readonly name: string;
  readonly complaint: { readonly line: number; readonly message: string } | null;
}

/** null: this machine has no such shell. Never on Windows, whose `bash` may be another system. */
async function ask(name: string, text: string): Promise<Answer | null> {
  const path = process.platform === 'win32' ? null : await which(name, { nothrow: true });
  if (path === null) return null;
  try {
    const { failed, stderr } = await execa(path, ['-n'], { input: text, reject: false, timeout: limitMs });
    return { name, complaint: failed ? complaintIn(stderr) : null };
  } catch (error) {
    return { name, complaint: { line: 1, message: messageOf(error) } };
  }
}

/** As `dash: 3: Syntax error: …` and `bash: line 3: …`. */
function complaintIn(said: string): { readonly line: number; readonly message: string } {
  const [, line = '1', message = said.trim()] = /^[^\n:]+: (?:line )?(\d+): ([^\n]+)/m.exec(said) ?? [];
  return { line: Number(line), message };
}
