import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { factsExperiment, layout } from '../../src/evidence/layout.ts';
import type { RunRecord } from '../../src/evidence/run-record.ts';
import { EvidenceWriter } from '../../src/evidence/writer.ts';
import { loadStudy, type LoadedStudy } from '../../src/study/load.ts';
import type { TopologyProbes } from '../../src/observation/read-topology.ts';
import type { IndexedStep } from '../../src/study/study-index.ts';
import { journalOf, type Written } from '../evidence/journals.ts';
import { smallStudy, writeStudyTo } from './small-study.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** `run.json` of a run of the small study that came to its end, and of a study that has the same experiments. */
export const smallRecord: RunRecord = {
  format: 2,
  state: 'complete',
  reason: null,
  startedAt: '2024-01-01T00:00:00.000Z',
  study: { id: 'small', file: 'study.yaml', experiments: ['first', 'second'] },
  choice: { asked: 'small', passedOver: [] },
  guest: {
    name: 'small',
    provider: 'a test',
    image: { name: 'none', files: [] },
    ownership: 'ours',
    start: 'booted',
    clock: { kind: 'real' },
    transport: { kind: 'ssh', hostKey: { source: 'given by us', fingerprint: 'SHA256:0' } },
  },
  host: { system: 'Linux 6.1', architecture: 'x64', node: 'v20', refigure: '0.1.0', commit: null },
  reconnections: 0,
  timings: [
    { part: 'boot', ms: 1000 },
    { part: 'experiment', experiment: 'first', ms: 3000 },
    { part: 'experiment', experiment: 'second', ms: 3000 },
  ],
};

/** A guest whose time is the work of its processor, and into which nothing came; of all else as that of `smallRecord`. */
export function virtualGuest(seed = 1): NonNullable<RunRecord['guest']> {
  const { guest } = smallRecord;
  if (guest === null) throw new Error('the small run has a guest');
  const clock = {
    kind: 'virtual',
    instructionsPerSecond: 100_000_000,
    startsAt: '2026-01-01T00:00:00.000Z',
    seed,
  } as const;
  return { ...guest, clock, transport: { kind: 'sealed', port: 'virtio console' } };
}

export type Printed = Readonly<Record<string, string | Buffer>>;

/** What the commands of the small study print when all goes well, by capture. */
const smallOutputs: Printed = { names: 'a\n', again: 'a\n' };

/** The guest is what the paper used; with another answer it is a stand-in. */
const paperRelease: Printed = { release: 'Any Linux 1\n' };

export interface SmallRun {
  /** YAML of another study than the small one. */
  readonly study?: string;
  /** What was printed, by capture. A capture that is not named has no command in the journals. */
  readonly printed?: Printed;
  /** How the commands ended, by capture; with 0 where nothing is said. */
  readonly endings?: Readonly<Record<string, Pick<Written, 'status' | 'how'>>>;
  /** What was there when the network was observed, by topology. */
  readonly topologies?: Readonly<Record<string, TopologyProbes>>;
  /** What the guest answered about itself, by probe. */
  readonly facts?: Printed;
  readonly record?: Partial<RunRecord>;
}

/** A saved run that was never run: its evidence is sealed, and nothing is derived from it yet. */
export async function smallRun(t: ExecutionContext, run?: SmallRun): Promise<string> {
  return smallRunIn(await temporaryFolder(t), run);
}

/** The same in a folder that is there already, beside its study. */
export async function smallRunIn(folder: string, run: SmallRun = {}): Promise<string> {
  const study = join(folder, 'study');
  await writeStudyTo(study, run.study ?? smallStudy);
  return saveRun(join(folder, 'run'), await loadStudy(study), run);
}

/** A saved run of any study in a new folder, which it gives back. */
export function saveRun(folder: string, { study, files, index }: LoadedStudy, run: SmallRun): string {
  const { facts = paperRelease, record = {} } = run;
  const writer = new EvidenceWriter(folder);
  for (const { path, content } of files) writer.put(`${layout.study}/${path}`, content);
  writer.append(layout.console, Buffer.from('The guest has booted.\n'));
  const answers = Object.entries(facts).map(([id, output]) => ({ id, text: id, output }));
  writer.put(layout.journal(factsExperiment), journalOf({ 'facts facts': answers }));
  const experiments = study.experiments.map(({ id }) => id);
  for (const id of experiments) {
    const steps = index.stepsOf(id).flatMap((step) => recorded(step, run));
    if (steps.length > 0) writer.put(layout.journal(id), journalOf(Object.fromEntries(steps)));
  }
  writer.putRecord({ ...smallRecord, study: { ...smallRecord.study, id: study.id, experiments }, ...record });
  for (const name of index.captures.keys()) {
    const output = (run.printed ?? smallOutputs)[name];
    if (output !== undefined) writer.append(layout.capture(name), Buffer.from(output));
  }
  writer.seal();
  return folder;
}

/** A step as journalOf takes it; nothing where it did not run. */
function recorded({ step, commands }: IndexedStep, run: SmallRun): [string, Written[]][] {
  const { printed = smallOutputs, endings = {}, topologies = {} } = run;
  const written = commands.flatMap(({ id, command }): Written[] => {
    const output = printed[command.capture ?? ''];
    return output === undefined || id === null
      ? []
      : [{ id, text: command.run, output, ...endings[command.capture ?? ''] }];
  });
  const observed = topologies[step.topology ?? ''];
  return [
    ...(written.length === 0 ? [] : [[step.id, written] as [string, Written[]]]),
    ...(observed === undefined ? [] : [[`${step.id} topology`, probesOf(observed)] as [string, Written[]]]),
  ];
}

function probesOf({ list, namespaces }: TopologyProbes): Written[] {
  return [
    { id: 'namespaces', text: 'ip netns list', output: list },
    ...namespaces.flatMap(({ name, address, routes, ids }) =>
      Object.entries({ address, routes, ids }).map(([id, output]) => ({
        id,
        ...(name !== null && { subject: name }),
        text: `${id} of ${name ?? 'the host'}`,
        output,
      })),
    ),
  ];
}
