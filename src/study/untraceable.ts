import type { Interpreter } from './interpreter.ts';

/**
 * What a script may hold that a mark before a command would change, or that would change a mark. Each was tried on dash, bash
 * and busybox. A word in a string counts as well: to run a script whole is never wrong.
 */
const constructs: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['PIPESTATUS', /\bPIPESTATUS\b/],
  ['BASH_COMMAND', /\bBASH_COMMAND\b/],
  ['BASH_XTRACEFD', /\bBASH_XTRACEFD\b/],
  ['a trap on DEBUG or RETURN', /\btrap\b.*\b(?:DEBUG|RETURN)\b/],
  ['set -v', /\bset\b[^;&|\n]*[ \t]-(?:[a-zA-Z]*v|o[ \t]+verbose)/],
  ['set -n', /\bset\b[^;&|\n]*[ \t]-(?:[a-zA-Z]*n|o[ \t]+noexec)/],
  ['set -t', /\bset\b[^;&|\n]*[ \t]-(?:[a-zA-Z]*t|o[ \t]+onecmd)/],
  ['set -r', /\bset\b[^;&|\n]*[ \t]-(?:[a-zA-Z]*r|o[ \t]+restricted)/],
  ['set -k', /\bset\b[^;&|\n]*[ \t]-(?:[a-zA-Z]*k|o[ \t]+keyword)/],
  [
    'a list of all variables',
    /(?:^|[;&|({`]|\b(?:then|do|else|if|!))[ \t]*(?:set|declare|typeset)(?:[ \t]+-p)?[ \t]*(?:$|[;&|)>`}])/m,
  ],
  ['shopt -s extdebug', /\bextdebug\b/],
  ['enable', /(?:^|[;&|({])[ \t]*enable\b/m],
  ['a limit of open files', /\bulimit\b[^;&|\n]*(?:-[a-zA-Z]*[nf]|[ \t][0-9]+)/],
  ['a PS4 that does something', /\bPS4=.*(?:\$\(|`|:?=\})/],
  ['a readonly IFS', /\b(?:readonly|declare|typeset)\b[^;&|\n]*\bIFS\b/],
  [
    'a function or an alias with the name of a command that a mark uses',
    /(?:^|[;&|({])[ \t]*(?:function[ \t]+)?(?:command|eval|unset|return|builtin|\.|:)[ \t]*\(\)|\bfunction[ \t]+(?:command|eval|unset|return|builtin|\.|:)(?=[ \t\n{(])|\balias\b[^;&|\n]*[ \t](?:command|eval|unset|return|builtin|\.|:|case|esac|\{|\}|for|do|done|in)=/m,
  ],
  ['a mount on /tmp', /\bmount\b[^;&|\n]*[ \t]\/tmp(?:[ \t;&|)]|$)/m],
];

/** busybox calls a trap on ERR for a command whose status is tested, too; bash does not, and dash has no such trap. */
const errorTrap = /\btrap\b.*\bERR\b/;

/** Options of the first line that end, silence or echo what the shell reads. */
const untraceableOptions = /^-[a-zA-Z]*[vntrkcsi]|(?:verbose|noexec|onecmd|restricted|keyword)/;

/** Why a shell script can't be traced exactly, in a word; null where it can. */
export function untraceable(text: string, { shell, options }: Interpreter): string | null {
  if (text.includes('\0')) return 'binary';
  if (untraceableOptions.test(options)) return `construct: ${options} in the first line`;
  const code = text.replaceAll(/^[ \t]*#.*$/gm, '');
  const [found] = constructs.find(([, pattern]) => pattern.test(code)) ?? [];
  if (found !== undefined) return `construct: ${found}`;
  return shell !== 'bash' && errorTrap.test(code) ? 'construct: a trap on ERR' : null;
}

/** How a script can have its shell print what it runs, itself or by a file or a text that it takes in. */
const xtrace =
  /\bset\b[^;&|\n]*[ \t][-+][a-zA-Z]*x|xtrace|\bset[ \t]+(?:--[ \t]+)?["']?[-+]?[a-zA-Z]*\$|\beval\b|SHELLOPTS|(?:^|[;&|({!]|\b(?:then|do|else|if|while|until))[ \t]*(?:\.|source)[ \t]/m;

/** Whether the marks of a program must hide from `set -x`. Where not, they leave standard error alone: a trap may print there. */
export function mayXtrace(text: string, options = ''): boolean {
  return options.includes('x') || xtrace.test(text);
}
