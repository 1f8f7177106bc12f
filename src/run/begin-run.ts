import { resolve } from 'node:path';
import type { Scope } from '../core/scope.ts';
import { withoutFolders } from '../core/without-folders.ts';
import type { RunRecord } from '../evidence/run-record.ts';
import { EvidenceWriter } from '../evidence/writer.ts';
import type { LoadedStudy } from '../study/load.ts';
import type { EventStream } from './event-stream.ts';
import type { RunStart } from './events.ts';
import { RecordKeeper } from './record-keeper.ts';
import { inNewRunFolder } from './run-folder.ts';
import { stepsToRun, type Selection } from './selection.ts';

export interface BeginOptions {
  readonly loaded: LoadedStudy;
  readonly selection: Selection;
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
  /** What of it runs. */
  readonly selection: Selection;
  /** As the user named it. */
  readonly folder: string;
  readonly writer: EvidenceWriter;
  readonly record: RecordKeeper;
  readonly events: EventStream;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
}

/** Throws UsageError or HostError where the run cannot be begun like that. Nothing is in its folder yet. */
export function beginRun({ loaded, selection, out, asked, host, events, scope }: BeginOptions): BegunRun {
  const writerIn = (at: string): { folder: string; writer: EvidenceWriter } => {
    return { folder: at, writer: new EvidenceWriter(resolve(at)) };
  };
  const { folder, writer } = out === undefined ? inNewRunFolder(loaded.study.id, writerIn) : writerIn(out);
  scope.defer('the empty folder of the run could not be removed', () => {
    writer.discard();
  });
  const record = new RecordKeeper(events, writer, (text) => withoutFolders(text, writer.folder));
  let startedAt = '';
  events.listen((event) => {
    if (event.kind === 'run-start') startedAt = event.time;
  });
  events.tell({ kind: 'run-start', ...describeStudy(loaded, selection), asked, host, folder });
  return { loaded, selection, folder, writer, record, events, startedAt };
}

/** What the reporters need to know of the study. */
function describeStudy(
  { study, files, index }: LoadedStudy,
  selection: Selection,
): Pick<RunStart, 'study' | 'paper' | 'experiments' | 'until'> {
  const { id, title, paper } = study;
  return {
    study: { id, file: files[0]?.path ?? '', title },
    paper: { title: paper.title, year: paper.year ?? null },
    experiments: selection.experiments.map(({ id: experiment, section, title: of }) => ({
      id: experiment,
      section: section ?? null,
      title: of,
      steps: stepsToRun(selection, index.stepsOf(experiment)).map(({ step }) => ({ id: step.id, title: step.title })),
    })),
    until: selection.until,
  };
}
