import { stderr, stdout } from '../core/terminal.ts';
import { Multiplexer } from './multiplexer.ts';
import type { ReporterContext, ReporterModule } from './reporter.ts';

/** The reporters by their names: a new one is a file and a line. Each is loaded when it is asked for. */
export const reporters = {
  list: () => import('./list.ts'),
  plain: () => import('./plain.ts'),
  json: () => import('./json.ts'),
  quiet: () => import('./quiet.ts'),
  github: () => import('./github.ts'),
} satisfies Readonly<Record<string, () => Promise<ReporterModule>>>;

export type ReporterName = keyof typeof reporters;

export function isReporterName(name: string): name is ReporterName {
  return Object.hasOwn(reporters, name);
}

/** What the command line says of reporters. */
export interface ReporterOptions {
  readonly reporter?: readonly ReporterName[];
  readonly json?: true;
  readonly quiet?: true;
}

/**
 * The reporters that are asked for; by default the list on a terminal and plain lines elsewhere, with annotations where
 * GitHub runs us. These come first: they begin a group before its lines.
 */
export function chooseReporters(
  options: ReporterOptions,
  { isTerminal, environment }: ReporterContext,
): readonly ReporterName[] {
  if (options.reporter !== undefined) return options.reporter;
  if (options.json) return ['json'];
  if (options.quiet) return ['quiet'];
  const annotations: readonly ReporterName[] = environment['GITHUB_ACTIONS'] === 'true' ? ['github'] : [];
  return [...annotations, isTerminal ? 'list' : 'plain'];
}

export async function makeReporters(names: readonly ReporterName[], context: ReporterContext): Promise<Multiplexer> {
  const made = [...new Set(names)].map(async (name) => {
    const { makeReporter } = await reporters[name]();
    return [name, makeReporter(context)] as const;
  });
  return new Multiplexer(new Map(await Promise.all(made)), context.stderr);
}

/** This process's own output. */
export function processContext(): ReporterContext {
  const isTerminal = process.stdout.isTTY && process.env['CI'] === undefined;
  return { raw: process.stdout, stdout, stderr, isTerminal, environment: process.env };
}
