/** Where in a run a fault strikes. */
export interface Phase {
  readonly id: string;
  /** The event of `--json` at which the fault strikes. */
  readonly mark: Readonly<Record<string, unknown>>;
  /** What an interrupted run says that it was doing. */
  readonly during: RegExp;
  /** More of the command line. */
  readonly options?: readonly string[];
  /** The commands of the study in YAML, each a line of a list. */
  readonly commands?: readonly string[];
  readonly cleanup?: readonly string[];
}

const short = '{ run: ping -c 3 -i 0.2 127.0.0.1, capture: pings, parse: ping }';
const pings = '{ run: ping -c 20 -i 0.2 127.0.0.1, capture: pings, parse: ping }';
const flood = '{ run: "i=0; while [ $i -lt 1500 ]; do echo line $i; i=$((i+1)); done", capture: flood }';

/** In the order in which a run comes to them. */
export const phases = [
  {
    id: 'choosing',
    mark: { kind: 'run-start' },
    during: /^the choice of a guest$/,
  },
  {
    id: 'booting',
    mark: { kind: 'boot', phase: 'booting' },
    during: /^the boot of the guest$/,
    options: ['--cold'],
  },
  {
    id: 'connecting',
    mark: { kind: 'boot', phase: 'connecting' },
    during: /^the connection to the guest$/,
  },
  {
    id: 'pushing',
    mark: { kind: 'part-start', part: 'push' },
    during: /^the push of the scripts$/,
  },
  {
    id: 'in a step',
    mark: { kind: 'output', line: /icmp_seq=3 / },
    during: /^experiment one, step main, command: ping -c 20 /,
    commands: [pings],
  },
  {
    id: 'capturing',
    mark: { kind: 'output', line: 'line 200' },
    during: /^experiment one, step main, command: i=0; while /,
    commands: [short, flood],
  },
  {
    id: 'cleaning',
    mark: { kind: 'command-start', command: /^ping -c 21 / },
    during: /^experiment one, step cleanup, command: ping -c 21 /,
    cleanup: ['ping -c 21 -i 0.2 127.0.0.1'],
  },
  {
    id: 'rendering',
    mark: { kind: 'report-start' },
    during: /^the report$/,
  },
] as const satisfies readonly Phase[];

export type PhaseId = (typeof phases)[number]['id'];

export function phaseOf(id: PhaseId): Phase {
  const found = phases.find((phase) => phase.id === id);
  if (found === undefined) throw new Error(`there is no phase '${id}'`);
  return found;
}

/** A study of a few seconds that comes to the phase and stays there a while. */
export function studyFor({ commands = [short], cleanup }: Phase): string {
  return `format: 2
id: trial
title: A trial
experiments:
  - id: one
    steps:
      - id: main
        title: The commands
        commands:
          - { run: echo first, capture: first }
${commands.map((command) => `          - ${command}\n`).join('')}\
${cleanup === undefined ? '' : `    cleanup:\n${cleanup.map((command) => `      - ${command}\n`).join('')}`}\
claims:
  - { id: first, statement: It was printed, expect: first.text == "first\\n" }
`;
}

/** The capture of a command, by its text; undefined where it has none. */
export function captureOf(command: string): string | undefined {
  if (command === 'echo first') return 'first';
  if (/^ping -c (?:3|20) /.test(command)) return 'pings';
  return command.startsWith('i=0;') ? 'flood' : undefined;
}
