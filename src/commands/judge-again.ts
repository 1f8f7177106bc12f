import { join, resolve } from 'node:path';
import { exitStatus } from '../core/errors.ts';
import { layout } from '../evidence/layout.ts';
import { openRun } from '../evidence/open.ts';
import { saveJudged } from '../evidence/save-judged.ts';
import { writeReport } from '../report/write-report.ts';
import type { EventStream } from '../run/event-stream.ts';
import { inNewRunFolder } from '../run/run-folder.ts';
import { studyDigest } from '../study/digest.ts';
import type { LoadedStudy } from '../study/load.ts';
import type { Step } from '../study/schema.ts';

/** Whether a study would run just what a saved run ran to its end: it differs in claims, figures or words alone. */
export async function ranAlready(folder: string, study: LoadedStudy): Promise<boolean> {
  const { record, loaded } = await openRun(folder);
  return record.state === 'complete' && whatRuns(loaded) === whatRuns(study);
}

/**
 * Judges a saved run by a study that would run the same, in a new folder below `reports/`; where the study is the very one that
 * ran, the run's own report is made again. The status is that of a run.
 */
export async function judgeAgain(run: string, study: LoadedStudy, { tell }: EventStream): Promise<number> {
  tell({ kind: 'report-start' });
  const { loaded } = await openRun(run);
  const isSame = studyDigest(loaded.files) === studyDigest(study.files);
  const folder = isSame ? run : inNewRunFolder(study.study.id, (free) => free);
  if (!isSame) await saveJudged(run, study, resolve(folder));
  const { summary, language } = await writeReport(resolve(folder), ['en', 'zh']);
  const report = join(folder, layout.report(language));
  tell({ kind: 'report-end', state: 'complete', folder, report, page: join(folder, layout.page(language)), summary });
  return summary.outcome === 'upheld' ? exitStatus.upheld : exitStatus.notUpheld;
}

/** All of a study that has to do with what a guest does, as a text. */
function whatRuns({ study, files }: LoadedStudy): string {
  const { experiments, environment, needs } = study;
  const done = experiments.map(({ id, after, needs: own, steps, matrix, cell }) => {
    return { id, after, needs: own, steps: steps.map(whatStepRuns), matrix, cell };
  });
  // The first file is the study itself.
  const others = files.slice(1).map(({ path, content }) => [path, content.toString('base64')]);
  return JSON.stringify({ done, environment: environment && { ...environment, differences: null }, needs, others });
}

function whatStepRuns({
  id,
  prepares,
  script,
  commands = [],
  exits,
  topology,
  background = [],
  collect = [],
}: Step): unknown {
  return {
    ...{ id, prepares, script, exits, topology },
    commands: commands.map(({ run, separate, limitSeconds, exits: ends }) => ({ run, separate, limitSeconds, ends })),
    background: background.map((each) => ({ ...each, parse: null })),
    collect: collect.map((each) => ({ ...each, parse: null })),
  };
}
