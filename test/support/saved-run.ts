import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { factsExperiment, layout } from '../../src/evidence/layout.ts';
import { openRun } from '../../src/evidence/open.ts';
import type { RunRecord } from '../../src/evidence/run-record.ts';
import { EvidenceWriter } from '../../src/evidence/writer.ts';
import { loadStudy, type LoadedStudy } from '../../src/study/load.ts';
import type { Experiment } from '../../src/study/schema.ts';
import { journalOf, type Written } from '../evidence/journals.ts';
import { writeCaptures } from './evidence.ts';
import { smallStudy, writeStudyTo } from './small-study.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** `run.json` of a run of the small study that came to its end, and of a study that has the same experiments. */
export const smallRecord: RunRecord = {
  format: 1,
  state: 'complete',
  reason: null,
  startedAt: '2024-01-01T00:00:00.000Z',
  study: { id: 'small', file: 'study.yaml', experiments: ['first', 'second'] },
  choice: { asked: 'small', passedOver: [] },
  guest: {
    name: 'small',
    provider: 'a test',
    image: { name: 'none', files: [] },
    start: 'booted',
    hostKeySource: 'given by us',
    hostKeySha256: 'SHA256:0',
  },
  host: { system: 'Linux 6.1', architecture: 'x64', node: 'v20', refigure: '0.1.0', commit: null },
  reconnections: 0,
  timings: [
    { part: 'boot', ms: 1000 },
    { part: 'experiment first', ms: 3000 },
    { part: 'experiment second', ms: 3000 },
  ],
};

export type Printed = Readonly<Record<string, string | Buffer>>;

/** What the commands of the small study print when all goes well, by capture. */
export const smallOutputs = { names: 'a\n', again: 'a\n' } as const;

/** The guest is what the paper used; with another answer it is a stand-in. */
const paperRelease: Printed = { 'cat /etc/any-release': 'Any Linux 1\n' };

export interface SmallRun {
  /** YAML of another study than the small one. */
  readonly study?: string;
  /** What was printed, by capture. A capture that is not named has no command in the journals. */
  readonly printed?: Printed;
  /** What the guest answered about itself, by command. */
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
export async function saveRun(folder: string, { study, files }: LoadedStudy, run: SmallRun): Promise<string> {
  const { printed = smallOutputs, facts = paperRelease, record = {} } = run;
  const writer = new EvidenceWriter(folder);
  for (const { path, content } of files) writer.put(`${layout.study}/${path}`, content);
  writer.append(layout.console, Buffer.from('The guest has booted.\n'));
  const answers = Object.entries(facts).map(([text, output]) => ({ text, output }));
  writer.put(layout.journal(factsExperiment), journalOf({ [factsExperiment]: answers }));
  for (const experiment of study.experiments) {
    const journal = journalOfExperiment(experiment, printed);
    if (journal !== null) writer.put(layout.journal(experiment.id), journal);
  }
  const experiments = study.experiments.map(({ id }) => id);
  writer.putRecord({ ...smallRecord, study: { ...smallRecord.study, id: study.id, experiments }, ...record });
  writeCaptures(writer, await openRun(folder));
  writer.seal();
  return folder;
}

/** null: nothing of it was printed, as where it did not begin. */
function journalOfExperiment({ steps }: Experiment, printed: Printed): Buffer | null {
  const recorded = steps.map(({ id, commands }): [string, Written[]] => [
    id,
    (commands ?? []).flatMap(({ run, capture = '' }) => {
      const output = printed[capture];
      return output === undefined ? [] : [{ text: run, output }];
    }),
  ]);
  return recorded.every(([, commands]) => commands.length === 0) ? null : journalOf(Object.fromEntries(recorded));
}
