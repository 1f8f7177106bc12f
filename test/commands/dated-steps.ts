import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Evidence } from '../../src/evidence/open.ts';

/** Each step says when it ran, by a number that no other one has; a process of the first lives on. */
export const study = `format: 2
id: watched
title: Watched
environment: { release: Any, releaseFile: /etc/hostname, releasePattern: none }
experiments:
  - id: one
    steps:
      - id: a
        commands:
          - { run: ip netns add a }
          - { run: 'sleep 10000 >/dev/null 2>&1 &' }
          - { run: cat /proc/sys/kernel/random/uuid, capture: a }
        topology: net
      - id: b
        commands: [{ run: cat /proc/sys/kernel/random/uuid, capture: b }]
  - id: two
    after: one
    steps:
      - id: c
        script: c.sh
        commands: [{ run: cat /proc/sys/kernel/random/uuid, capture: c }]
      - id: d
        commands:
          - { run: cat /proc/sys/kernel/random/uuid, capture: d }
          - { run: pidof sleep, capture: lives }
claims:
  - { id: lives, statement: It lives, expect: 'lives.exitStatus == 0 && net.namespaces.exists(n, n.name == "a")' }
`;
export const script = 'cat /proc/sys/kernel/random/uuid\n';

/** A run, and where it is. */
export type FoundRun = Evidence & { readonly folder: string };

/** What each step printed. */
export async function printed({ folder, captures }: FoundRun): Promise<Record<string, string>> {
  const names = [...captures.keys()].filter((name) => name !== 'lives');
  const texts = names.map(
    async (name) => [name, await readFile(join(folder, 'captures', `${name}.txt`), 'utf8')] as const,
  );
  return Object.fromEntries(await Promise.all(texts));
}
