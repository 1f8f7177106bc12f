import type { Observed } from '../../claim/observations.ts';
import { whyUnavailable, type UndecidedReason } from '../../claim/judge.ts';
import type { Findings } from '../../comparison/findings.ts';
import type { Evidence } from '../../evidence/open.ts';
import { chineseLabels, englishLabels, type FigureLabels } from '../../figure/labels.ts';
import { renderTerminal, type TerminalEntry } from '../../figure/terminal/render.ts';
import { renderTopology } from '../../figure/topology/render.ts';
import type { RouteStyle } from '../../figure/topology/style.ts';
import { renderTopologyStrip, type TopologyPanel } from '../../figure/topology/strip.ts';
import { renderRouteTable } from '../../observation/route-table.ts';
import type { Figure as StudyFigure } from '../../study/schema.ts';
import type { Language, Translate } from '../language.ts';
import { drawPlotFigure, type Lacked } from './plot-figures.ts';

/** A figure of the report: a picture and its text, or the reason why it could not be drawn. */
export type ReportFigure =
  | {
      readonly state: 'drawn';
      readonly path: string;
      /** The picture's accessible name; plain text. */
      readonly title: string;
      readonly svg: string;
      readonly text: string;
    }
  | { readonly state: 'missing'; readonly reason: UndecidedReason };

const labelsOf: Readonly<Record<Language, FigureLabels>> = { en: englishLabels, zh: chineseLabels };

/** Draws the figures of one run in one language. */
export class FigureDrawer {
  readonly #findings: Findings;
  readonly #evidence: Evidence;
  readonly #observed: ReadonlyMap<string, Observed>;
  readonly #language: Language;
  readonly #t: Translate;

  constructor(findings: Findings, language: Language, t: Translate) {
    const { evidence, observed } = findings;
    this.#findings = findings;
    this.#evidence = evidence;
    this.#observed = observed;
    this.#language = language;
    this.#t = t;
  }

  async draw(figure: StudyFigure): Promise<ReportFigure> {
    const title = this.#t('figure-title', { id: figure.id, caption: figure.caption[this.#language] });
    const drawn = await this.#drawing(figure, title);
    if ('reason' in drawn) return { state: 'missing', reason: drawn.reason };
    const suffix = this.#language === 'en' ? '' : `.${this.#language}`;
    const path = `figures/figure-${figure.id}${suffix}.svg`;
    return { state: 'drawn', path, title, ...drawn };
  }

  async #drawing(figure: StudyFigure, title: string): Promise<Drawing> {
    const labels = labelsOf[this.#language];
    if (figure.topology !== undefined) return this.#topology(figure.topology, figure.routes, title);
    if (figure.strip !== undefined) return this.#strip(figure.strip, title);
    if (figure.rtt ?? figure.loss ?? figure.time) {
      const options = { title, labels, language: this.#language, t: this.#t };
      const drawn = await drawPlotFigure(figure, this.#findings, options);
      return 'lacked' in drawn ? { reason: this.#whyNoPlot(drawn) } : drawn;
    }
    return this.#screen(figure, title);
  }

  #topology(name: string, routes: RouteStyle | undefined, title: string): Drawing {
    const observed = this.#observed.get(name);
    if (observed?.state !== 'topology') return { reason: this.#why(name, observed) };
    const labels = labelsOf[this.#language];
    return renderTopology(observed.topology, { title, labels, ...(routes && { routes }) });
  }

  #strip(names: readonly string[], title: string): Drawing {
    const panels: TopologyPanel[] = [];
    for (const name of names) {
      const observed = this.#observed.get(name);
      if (observed?.state !== 'topology') return { reason: this.#why(name, observed) };
      panels.push({ title: this.#stepTitle(name), topology: observed.topology });
    }
    return renderTopologyStrip(panels, { title, labels: labelsOf[this.#language] });
  }

  /** Of the step after which the network was observed under this name. */
  #stepTitle(topology: string): string {
    return this.#evidence.loaded.index.topologies.get(topology)?.step.title[this.#language] ?? topology;
  }

  async #screen(figure: StudyFigure, title: string): Promise<Drawing> {
    const entries: TerminalEntry[] = [];
    for (const id of figure.terminal ?? figure.routeTable ?? []) {
      const entry = figure.terminal === undefined ? this.#routeTable(id) : this.#capture(id);
      if ('reason' in entry) return entry;
      entries.push(entry);
    }
    return renderTerminal({ title, transcript: entries, labels: labelsOf[this.#language] });
  }

  #capture(id: string): TerminalEntry | Undrawn {
    const command = this.#evidence.captures.get(id)?.command ?? null;
    if (command === null) return { reason: this.#why(id, undefined) };
    const markedLines = this.#findings.decidingLines.get(id);
    return {
      prompt: this.#prompt,
      command: command.text,
      output: command.output,
      ...(command.rest && { end: command.rest }),
      ...(markedLines && { markedLines }),
    };
  }

  /** The table that `route -n` would print: a rendering of what `ip route` printed, under the command that ran. */
  #routeTable(id: string): TerminalEntry | Undrawn {
    const observed = this.#observed.get(id);
    const command = this.#evidence.captures.get(id)?.command;
    if (observed?.state !== 'capture' || observed.observation.kind !== 'routes' || !command) {
      return { reason: this.#why(id, observed) };
    }
    const table = Buffer.from(renderRouteTable(observed.observation));
    // A shell comment behind the command: it ran as it stands, and what is shown is not quite what it printed.
    const shown = `${command.text}  # ${this.#t('route-table-comment')}`;
    return { prompt: this.#prompt, command: shown, output: table };
  }

  get #prompt(): string {
    return this.#evidence.loaded.study.environment.prompt;
  }

  #whyNoPlot({ lacked, because }: Lacked): UndecidedReason {
    if (because === null) return this.#why(lacked, this.#observed.get(lacked));
    return { kind: 'unreadable', observed: lacked, detail: because, line: null };
  }

  #why(name: string, observed: Observed | undefined): UndecidedReason {
    const experiment = this.#findings.unasked.get(name);
    if (experiment !== undefined) return { kind: 'not-run', experiment };
    return whyUnavailable(name, observed)[0] ?? { kind: 'missing', observed: name };
  }
}

interface Undrawn {
  readonly reason: UndecidedReason;
}

type Drawing = { readonly svg: string; readonly text: string } | Undrawn;
