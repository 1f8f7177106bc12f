import { captureRuns } from '../../comparison/capture-runs.ts';
import { measuredIn } from '../../comparison/measured.ts';
import type { Findings } from '../../comparison/findings.ts';
import type { FigureSources } from '../../figure/kinds/sources.ts';
import type { TerminalEntry } from '../../figure/terminal/render.ts';
import type { StudyIndex } from '../../study/study-index.ts';
import type { Language, Translate } from '../language.ts';
import { timeRows } from './time-rows.ts';

/** What a run has for its figures to be drawn from. */
export function figureSources(findings: Findings, language: Language, t: Translate): FigureSources {
  const { evidence, observed, decidingLines } = findings;
  const { study, index } = evidence.loaded;
  const { prompt } = study;

  function terminalEntry(capture: string): TerminalEntry | null {
    const command = evidence.captures.get(capture)?.command ?? null;
    if (command === null) return null;
    const { text, output, rest } = command;
    const markedLines = decidingLines.get(capture);
    return { prompt, command: text, output, ...(rest && { end: rest }), ...(markedLines && { markedLines }) };
  }

  return {
    clock: evidence.record.guest?.clock.kind ?? 'real',
    terminalEntry,
    observation: (capture) => {
      const found = observed.get(capture);
      return found?.state === 'capture' ? found.observation : null;
    },
    runs: (capture) => captureRuns(findings.court, capture),
    topology: (name) => {
      const found = observed.get(name);
      return found?.state === 'topology' ? found.topology : null;
    },
    stepTitle: (topology) => index.topologies.get(topology)?.step.title[language] ?? topology,
    commandLabel: (capture) => commandLabel(capture, index),
    measured: (name) => measuredIn(findings.court, name, (prose) => prose[language]),
    timeRows: (ids) =>
      timeRows(
        study.experiments.filter(({ id, cell }) => ids.includes(id) || (cell !== undefined && ids.includes(cell.of))),
        findings,
        language,
        t,
      ),
  };
}

function commandLabel(capture: string, { captures }: StudyIndex): string {
  const found = captures.get(capture);
  if (found === undefined) return capture;
  const { experiment, number } = found.step;
  return `${experiment.section ?? experiment.id} ${number}) ${found.command.command.run}`;
}
