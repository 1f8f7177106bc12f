import { resolve } from 'node:path';
import type { Scope } from '../core/scope.ts';
import { withoutFolders } from '../core/without-folders.ts';
import type { RunRecord } from '../evidence/run-record.ts';
import { EvidenceWriter } from '../evidence/writer.ts';
import type { LoadedStudy } from '../study/load.ts';
import type { Experiment } from '../study/schema.ts';
import type { EventStream } from './event-stream.ts';
import type { RunStart } from './events.ts';
import { RecordKeeper } from './record-keeper.ts';
import { newRunFolder } from './run-folder.ts';
import { experimentsToRun } from './selection.ts';

export interface BeginOptions {
  readonly loaded: LoadedStudy;
  /** The one experiment that is wanted; undefined: all. */
  readonly only: string | undefined;
  /** The folder of the run, as the user named it; undefined: a new one below `reports/`. */
  readonly out: string | undefined;
  /** What `--guest` said; of a machine of the user's only that it is one. */
  readonly asked: string;
  readonly host: RunRecord['host'];
  readonly events: EventStream;
  /** Takes the folder away again where nothing came into it. */
  readonly scope: Scope;
}

/** A run whose study, selection and folder are good; no guest has been chosen yet. */
export interface BegunRun {
  readonly loaded: LoadedStudy;
  /** In the order in which they run. */
  readonly experiments: readonly Experiment[];
  /** As the user named it. */
  readonly folder: string;
  readonly writer: EvidenceWriter;
  readonly record: RecordKeeper;
  readonly events: EventStream;
}

/** Throws UsageError or HostError where the run cannot be begun like that. Nothing is in its folder yet. */
export function beginRun({ loaded, only, out, asked, host, events, scope }: BeginOptions): BegunRun {
  const { study } = loaded;
  const experiments = experimentsToRun(study, only);
  const folder = out ?? newRunFolder(study.id);
  const writer = new EvidenceWriter(resolve(folder));
  scope.defer('the empty folder of the run could not be removed', () => {
    writer.discard();
  });
  const record = new RecordKeeper(events, writer, (text) => withoutFolders(text, writer.folder));
  events.tell({ kind: 'run-start', ...describeStudy(loaded, experiments), asked, host, folder });
  return { loaded, experiments, folder, writer, record, events };
}

/** What the reporters need to know of the study. */
function describeStudy(
  { study, files }: LoadedStudy,
  experiments: readonly Experiment[],
): Pick<RunStart, 'study' | 'paper' | 'experiments'> {
  const { id, title, paper } = study;
  return {
    study: { id, file: files[0]?.path ?? '', title },
    paper: { title: paper.title, year: paper.year ?? null },
    experiments: experiments.map(({ id: experiment, section, title: of, steps }) => ({
      id: experiment,
      section: section ?? null,
      title: of,
      steps: steps.map((step) => ({ id: step.id, title: step.title })),
    })),
  };
}
