import type { Findings } from '../../comparison/findings.ts';
import { whyWithoutValue } from '../../claim/judge.ts';
import type { FigureSources, Measured, MeasuredRow } from '../../figure/kinds/sources.ts';
import type { TerminalEntry } from '../../figure/terminal/render.ts';
import type { StudyIndex } from '../../study/study-index.ts';
import type { Language, Translate } from '../language.ts';
import { plainMarkup, sayReason } from '../say.ts';
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
    topology: (name) => {
      const found = observed.get(name);
      return found?.state === 'topology' ? found.topology : null;
    },
    stepTitle: (topology) => index.topologies.get(topology)?.step.title[language] ?? topology,
    commandLabel: (capture) => commandLabel(capture, index),
    measured: (name) => measuredOf(name, findings, language, t),
    timeRows: (ids) =>
      timeRows(
        study.experiments.filter(({ id, cell }) => ids.includes(id) || (cell !== undefined && ids.includes(cell.of))),
        findings,
        language,
        t,
      ),
  };
}

/** A measure of the study in each run of its experiment, as the figures of numbers take it. */
function measuredOf(name: string, { court, observed }: Findings, language: Language, t: Translate): Measured | null {
  const measure = court.cells.measure(name);
  if (measure === undefined) return null;
  const rows = court.measured(name).map(({ cell, evaluation }): MeasuredRow => {
    const reason = whyWithoutValue(evaluation, observed);
    return {
      cell: cell?.cell.parameters ?? {},
      repeat: cell?.cell.repeat ?? 1,
      value: evaluation.state === 'value' ? evaluation.value : null,
      why: evaluation.state === 'value' || reason === null ? null : sayReason(reason, plainMarkup(t)),
    };
  });
  const parameters = Object.keys(court.cells.experimentOf(name)?.matrix?.parameters ?? {});
  return { name, title: measure.title?.[language] ?? name, unit: measure.unit ?? null, parameters, rows };
}

function commandLabel(capture: string, { captures }: StudyIndex): string {
  const found = captures.get(capture);
  if (found === undefined) return capture;
  const { experiment, number } = found.step;
  return `${experiment.section ?? experiment.id} ${number}) ${found.command.command.run}`;
}
