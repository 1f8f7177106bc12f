/** One line of `vagrant --machine-readable` (https://developer.hashicorp.com/vagrant/docs/cli/machine-readable). */
export interface VagrantLine {
  readonly epochS: number;
  /** The machine that the line is about; null: it is about none. */
  readonly target: string | null;
  /** `ui`, `state`, `error-exit`, `ssh-config` … */
  readonly type: string;
  readonly data: readonly string[];
}

/** Reads one line, without its newline; null for plain text, which Vagrant and its plugins print in between. */
export function parseLine(line: string): VagrantLine | null {
  const [, epoch, target = '', type = '', rest = ''] = /^(\d+),([^,]*),([\w-]+)(?:,(.*))?$/.exec(line) ?? [];
  if (epoch === undefined) return null;
  const data = rest === '' ? [] : rest.split(',').map(unescape);
  return { epochS: Number(epoch), target: target === '' ? null : target, type, data };
}

/**
 * Vagrant escapes commas and line ends, but not backslashes: a `\n` in a message can also be a part of a Windows path,
 * and nobody can tell which it is.
 */
function unescape(field: string): string {
  return field.replaceAll('%!(VAGRANT_COMMA)', ',').replaceAll('\\n', '\n').replaceAll('\\r', '\r');
}
