import type { Journal } from './journal.ts';

/** What was there after an experiment and not before it: see src/run/left.sh. */
export interface LeftBehind {
  readonly namespaces: readonly string[];
  /** Of the machine's own namespace. */
  readonly devices: readonly string[];
  readonly processes: readonly { readonly pid: number; readonly name: string }[];
}

/** As the guest said it, a line for each. */
export function readLeftBehind(text: string): LeftBehind {
  const left = {
    namespaces: [] as string[],
    devices: [] as string[],
    processes: [] as { pid: number; name: string }[],
  };
  for (const line of text.split('\n')) {
    const [, kind, rest = ''] = /^(namespace|device|process) (.+)$/.exec(line) ?? [];
    if (kind === 'namespace') left.namespaces.push(rest);
    if (kind === 'device') left.devices.push(rest);
    const [, pid, name] = kind === 'process' ? (/^(\d{1,10}) (.*)$/.exec(rest) ?? []) : [];
    if (pid !== undefined) left.processes.push({ pid: Number(pid), name: name ?? '' });
  }
  return left;
}

/** null: it left nothing behind, or that was not looked at. */
export function leftBehind(journal: Journal | undefined): LeftBehind | null {
  const asked = journal?.commands.find(({ purpose }) => purpose === 'left');
  return asked === undefined ? null : unlessNothing(readLeftBehind(asked.output.toString('utf8')));
}

export function unlessNothing(left: LeftBehind): LeftBehind | null {
  const { namespaces, devices, processes } = left;
  return namespaces.length + devices.length + processes.length === 0 ? null : left;
}
