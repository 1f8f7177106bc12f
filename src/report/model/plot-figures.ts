import type { Observed } from '../../claim/observations.ts';
import type { Findings } from '../../comparison/findings.ts';
import type { Drawing } from '../../figure/svg/drawing.ts';
import type { FigureLabels } from '../../figure/labels.ts';
import { renderLossPlot } from '../../figure/plot/loss.ts';
import { renderRttPlot } from '../../figure/plot/rtt/plot.ts';
import { rttSeries, type RttSeries } from '../../figure/plot/rtt/series.ts';
import { renderTimePlot } from '../../figure/plot/time.ts';
import type { PingObservation } from '../../observation/types.ts';
import type { Figure as StudyFigure } from '../../study/schema.ts';
import type { Language, Translate } from '../language.ts';
import { timeRows } from './time-rows.ts';

/** The capture or the experiment that a plot cannot be drawn without. */
export interface Lacked {
  readonly lacked: string;
  /** Why it is of no use; null where it is not there. */
  readonly because: string | null;
}

export interface PlotOptions {
  readonly title: string;
  readonly labels: FigureLabels;
  readonly language: Language;
  readonly t: Translate;
}

/** Draws a figure of the kinds `rtt`, `loss` and `time`. */
export async function drawPlotFigure(
  figure: StudyFigure,
  findings: Findings,
  { title, labels, language, t }: PlotOptions,
): Promise<Drawing | Lacked> {
  const { study } = findings.evidence.loaded;
  if (figure.time !== undefined) {
    const experiments = study.experiments.filter(({ id }) => figure.time?.includes(id));
    const rows = timeRows(experiments, findings, language, t);
    return rows.length === 0
      ? { lacked: figure.time[0] ?? '', because: null }
      : renderTimePlot({ title, labels, rows });
  }
  const pings = (figure.rtt ?? figure.loss ?? []).map((name) => ({ name, ping: pingOf(findings.observed.get(name)) }));
  const there = pings.flatMap(({ name, ping }) =>
    ping === null ? [] : [{ name, label: labelOf(name, findings), ping }],
  );
  const missing = pings.find(({ ping }) => ping === null);
  if (missing !== undefined) return { lacked: missing.name, because: null };
  if (figure.loss !== undefined) {
    const steps = there.map(({ label, ping: { transmitted, received } }) => ({ label, transmitted, received }));
    return renderLossPlot({ title, labels, steps });
  }
  const series: RttSeries[] = [];
  for (const { name, label, ping } of there) {
    const packets = rttSeries(label, ping);
    if (packets === null) return { lacked: name, because: 'it does not tell the packets apart (ping -q, -f or -s 8)' };
    series.push(packets);
  }
  return renderRttPlot({ title, labels, series });
}

function pingOf(observed: Observed | undefined): PingObservation | null {
  return observed?.state === 'capture' && observed.observation.kind === 'ping' ? observed.observation : null;
}

/** Section, step and command, as `2.1 3) ip netns exec ns0 ping -c 4 10.1.1.1`. */
function labelOf(capture: string, { evidence }: Findings): string {
  const found = evidence.loaded.index.captures.get(capture);
  if (found === undefined) return capture;
  const { experiment, number } = found.step;
  return `${experiment.section} ${number}) ${found.command.command.run}`;
}
