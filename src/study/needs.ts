import { z } from 'zod';

/** What an experiment needs of its guest. Where one of these is not there, it is skipped. */
export interface Needs {
  readonly tools?: readonly string[] | undefined;
  readonly kernel?: readonly string[] | undefined;
  readonly shell?: string | undefined;
  readonly guest?: readonly string[] | undefined;
}

const word = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.+-]*$/, 'a name has letters, digits, _, ., + and - only');
const words = z.array(word).min(1);

export const needs = z
  .strictObject({
    tools: words.optional().describe('Programs that have to be there, as `iperf3`.'),
    kernel: words
      .optional()
      .describe('What the kernel has to have: a module, as `sch_netem`, or an option, as `CONFIG_NET_SCH_NETEM`.'),
    shell: word.optional().describe('A shell that its scripts name, as `bash`.'),
    guest: words.optional().describe('The guests on which it makes sense, by name, as `mini`.'),
  })
  .describe('What the guest has to have. An experiment whose guest lacks it is skipped, and so are its claims.');

/** One thing that an experiment needs. */
export interface Need {
  readonly kind: 'tool' | 'kernel' | 'shell' | 'guest';
  /** Of guests, all of which would do: their names, with blanks between. */
  readonly name: string;
}

/** What the study as a whole needs, and what one of its experiments does; each once. */
export function needsOf(...all: readonly (Needs | undefined)[]): Need[] {
  const list = all.flatMap((each): Need[] => {
    const { tools = [], kernel = [], shell, guest } = each ?? {};
    return [
      ...(guest === undefined ? [] : [{ kind: 'guest' as const, name: guest.join(' ') }]),
      ...(shell === undefined ? [] : [{ kind: 'shell' as const, name: shell }]),
      ...tools.map((name): Need => ({ kind: 'tool', name })),
      ...kernel.map((name): Need => ({ kind: 'kernel', name })),
    ];
  });
  return [...new Map(list.map((need) => [`${need.kind} ${need.name}`, need])).values()];
}
