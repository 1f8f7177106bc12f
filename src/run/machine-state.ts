/** What borrowed-machine.sh printed of a machine. */
export interface MachineState {
  /** What the study makes and is there: `namespace ns0`, `device tap0`. */
  readonly there: readonly string[];
  /** What else is left of a run: `process 123`, `folder /tmp/…`. */
  readonly left: readonly string[];
  /** What the commands that remove things complained of. */
  readonly said: readonly string[];
  /** What /run/netns is. */
  readonly netns: string;
  /** Links, addresses, routes, rules, namespaces: each as `WHAT: TEXT`, without what changes by itself. */
  readonly state: readonly string[];
}

/** null when the text is not whole. */
export function readMachineState(text: string): MachineState | null {
  const lines = text.split('\n').flatMap((line): [string, string][] => {
    const bar = line.indexOf('|');
    return bar < 0 ? [] : [[line.slice(0, bar), line.slice(bar + 1)]];
  });
  if (lines.at(-1)?.[0] !== 'done') return null;
  const of = (what: string): string[] => lines.flatMap(([kind, content]) => (kind === what ? [content] : []));
  return {
    there: of('there'),
    left: [...of('process').map((pid) => `process ${pid}`), ...of('folder').map((path) => `folder ${path}`)],
    said: of('said'),
    netns: of('netns')[0] ?? '',
    state: parts.flatMap((part) => of(part).map((line) => `${part}: ${withoutVolatile(line)}`)),
  };
}

const parts = ['netns', 'link', 'address', 'route', 'rule', 'namespace'];

/**
 * Lifetimes count down; ids of namespaces are given by whoever first looks at them (ip-netns(8)); IPv6 addresses settle, and
 * routes in use are counted.
 */
function withoutVolatile(line: string): string {
  return line
    .replaceAll(/(?<!\s)\s+(?:valid_lft|preferred_lft|expires|age|users)\s+\S+/g, '')
    .replaceAll(/(?<!\s)\s+(?:tentative|deprecated)\b/g, '')
    .replace(/ \(id: \d+\)$/, '')
    .replaceAll(/(?<![\s\\])[\s\\]+$/g, '')
    .replaceAll(/(?:(?<!\s)\s+)?\\\s*/g, ' ');
}

/** What one state has and the other has not, each with `gone` or `new` before it; the order of lines counts for nothing. */
export function differences(before: readonly string[], after: readonly string[]): string[] {
  return [
    ...beyond(before, after).map((line) => `gone: ${line}`),
    ...beyond(after, before).map((line) => `new: ${line}`),
  ];
}

/** The lines of `all` that remain when each line of `known` has taken one like it away. */
function beyond(all: readonly string[], known: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const line of known) left.set(line, (left.get(line) ?? 0) + 1);
  return all.filter((line) => {
    const count = left.get(line) ?? 0;
    if (count > 0) left.set(line, count - 1);
    return count === 0;
  });
}
