import { lineOnTerminal } from '../core/terminal-text.ts';
import type { Judged } from '../evidence/judged.ts';

/** Says on standard error that the study of a run is not the one that ran; nothing where it is. */
export function tellJudged(folder: string, judged: Judged | null): void {
  for (const line of judgedLines(folder, judged)) process.stderr.write(`${lineOnTerminal(line)}\n`);
}

export function judgedLines(folder: string, judged: Judged | null): string[] {
  if (judged === null) return [];
  const { startedAt, study, digest, steps, files } = judged;
  const ofRun = digest === null ? '' : `, and the run ${digest}`;
  return [
    `Note: the study of ${folder} is not the one that ran. What was printed is of the run that began at ${startedAt}; the study that ran has the digest ${study}${ofRun}.`,
    ...(steps.length === 0
      ? []
      : [`Warning: in these steps other commands ran than this study has: ${steps.join(', ')}`]),
    ...(files.length === 0
      ? []
      : [`Warning: these files of this study are not as they were when it ran: ${files.join(', ')}`]),
  ];
}
