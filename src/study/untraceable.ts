import type { Interpreter } from './interpreter.ts';

/** A script's text, and the same in pieces. */
interface Code {
  readonly text: string;
  readonly lines: readonly string[];
  /** Cut also at what stands between two commands of a line. */
  readonly commands: readonly string[];
}

type Holds = (code: Code) => boolean;

/**
 * What a script may hold that a mark before a command would change, or that would change a mark. Each was tried on dash, bash
 * and busybox. A word in a string counts as well: to run a script whole is never wrong.
 */
const constructs: readonly (readonly [what: string, holds: Holds])[] = [
  ['PIPESTATUS', anywhere(/\bPIPESTATUS\b/)],
  ['BASH_COMMAND', anywhere(/\bBASH_COMMAND\b/)],
  ['BASH_XTRACEFD', anywhere(/\bBASH_XTRACEFD\b/)],
  ['a trap on DEBUG or RETURN', behind('lines', /\btrap\b/, /\b(?:DEBUG|RETURN)\b/)],
  ['set -v', setting(/[ \t]-(?:[a-zA-Z]*v|o[ \t]+verbose)/)],
  ['set -n', setting(/[ \t]-(?:[a-zA-Z]*n|o[ \t]+noexec)/)],
  ['set -t', setting(/[ \t]-(?:[a-zA-Z]*t|o[ \t]+onecmd)/)],
  ['set -r', setting(/[ \t]-(?:[a-zA-Z]*r|o[ \t]+restricted)/)],
  ['set -k', setting(/[ \t]-(?:[a-zA-Z]*k|o[ \t]+keyword)/)],
  [
    'a list of all variables',
    anywhere(/(?:^|[;&|({`]|\b(?:then|do|else|if|!))[ \t]*(?:set|declare|typeset)(?:[ \t]+-p)?[ \t]*(?:$|[;&|)>`}])/m),
  ],
  ['shopt -s extdebug', anywhere(/\bextdebug\b/)],
  ['enable', anywhere(/(?:^|[;&|({])[ \t]*enable\b/m)],
  ['a limit of open files', behind('commands', /\bulimit\b/, /-[a-zA-Z]*[nf]|[ \t][0-9]+/)],
  ['a PS4 that does something', behind('lines', /\bPS4=/, /\$\(|`|:?=\}/)],
  ['a readonly IFS', behind('commands', /\b(?:readonly|declare|typeset)\b/, /\bIFS\b/)],
  [
    'a function or an alias with the name of a command that a mark uses',
    either(
      anywhere(
        /(?:^|[;&|({])[ \t]*(?:function[ \t]+)?(?:command|eval|unset|return|builtin|\.|:)[ \t]*\(\)|\bfunction[ \t]+(?:command|eval|unset|return|builtin|\.|:)(?=[ \t\n{(])/m,
      ),
      behind(
        'commands',
        /\balias\b/,
        /[ \t](?:command|eval|unset|return|builtin|\.|:|case|esac|\{|\}|for|do|done|in)=/,
      ),
    ),
  ],
  ['a mount on /tmp', behind('commands', /\bmount\b/, /[ \t]\/tmp(?:[ \t)]|$)/m)],
];

function anywhere(pattern: RegExp): Holds {
  return ({ text }) => pattern.test(text);
}

/**
 * What stands somewhere behind the first such word of a piece. In one regular expression each further word would begin the
 * search anew: a line of 64 KiB of them takes seconds.
 */
function behind(piece: 'lines' | 'commands', word: RegExp, what: RegExp): Holds {
  return (code) =>
    code[piece].some((text) => {
      const found = word.exec(text);
      return found !== null && what.test(text.slice(found.index + found[0].length));
    });
}

function setting(options: RegExp): Holds {
  return behind('commands', /\bset\b/, options);
}

function either(...all: readonly Holds[]): Holds {
  return (code) => all.some((holds) => holds(code));
}

function codeOf(text: string): Code {
  return { text, lines: text.split(/[\n\r\u2028\u2029]/), commands: text.split(/[;&|\n]/) };
}

/** busybox calls a trap on ERR for a command whose status is tested, too; bash does not, and dash has no such trap. */
const errorTrap = behind('lines', /\btrap\b/, /\bERR\b/);

/** Options of the first line that end, silence or echo what the shell reads. */
const untraceableOptions = /^-[a-zA-Z]*[vntrkcsi]|(?:verbose|noexec|onecmd|restricted|keyword)/;

/** Why a shell script can't be traced exactly, in a word; null where it can. */
export function untraceable(text: string, { shell, options }: Interpreter): string | null {
  if (text.includes('\0')) return 'binary';
  if (untraceableOptions.test(options)) return `construct: ${options} in the first line`;
  const code = codeOf(text.replaceAll(/^[ \t]*#.*$/gm, ''));
  const [found] = constructs.find(([, holds]) => holds(code)) ?? [];
  if (found !== undefined) return `construct: ${found}`;
  return shell !== 'bash' && errorTrap(code) ? 'construct: a trap on ERR' : null;
}

/** How a script can have its shell print what it runs, itself or by a file or a text that it takes in. */
const xtrace = either(
  setting(/[ \t][-+][a-zA-Z]*x/),
  anywhere(
    /xtrace|\bset[ \t]+(?:--[ \t]+)?["']?[-+]?[a-zA-Z]*\$|\beval\b|SHELLOPTS|(?:^|[;&|({!]|\b(?:then|do|else|if|while|until))[ \t]*(?:\.|source)[ \t]/m,
  ),
);

/** Whether the marks of a program must hide from `set -x`. Where not, they leave standard error alone: a trap may print there. */
export function mayXtrace(text: string, options = ''): boolean {
  return options.includes('x') || xtrace(codeOf(text));
}
