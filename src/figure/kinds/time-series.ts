import type { Observation } from '../../observation/observe.ts';
import type { ChartPoint } from '../plot/chart/model.ts';
import type { Lack } from './kind.ts';

/** Where the rows of a capture are, and in each of them two numbers: names, joined by dots. */
export interface SeriesPaths {
  /** From the observation down; `rows` where it is left out, as a pattern and a table have them. */
  readonly rows?: string | undefined;
  readonly x: string;
  readonly y: string;
}

/** The points that a capture's rows are, in their order; or why they are none. */
export function seriesPoints(capture: string, observation: Observation, paths: SeriesPaths): ChartPoint[] | Lack {
  const { rows: where = 'rows', x, y } = paths;
  const rows = at(observation, where);
  if (!Array.isArray(rows))
    return { lacks: capture, because: `there is no list at '${where}' (it is ${typeName(rows)})` };
  if (rows.length === 0) return { lacks: capture, because: `the list at '${where}' is empty` };
  const points: ChartPoint[] = [];
  for (const [index, row] of (rows as unknown[]).entries()) {
    const [across, up] = [at(row, x), at(row, y)];
    if (typeof across !== 'number') return noNumber(capture, index, x, across);
    if (typeof up !== 'number') return noNumber(capture, index, y, up);
    points.push({ x: across, y: up, n: null, ends: null });
  }
  return points;
}

function noNumber(capture: string, index: number, path: string, found: unknown): Lack {
  return { lacks: capture, because: `row ${index + 1} has no number at '${path}' (it is ${typeName(found)})` };
}

/** What stands at a path; undefined where there is nothing. Names of a list's elements are their numbers, from 0. */
function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((holder, name) => {
    if (typeof holder !== 'object' || holder === null) return undefined;
    return Object.hasOwn(holder, name) ? (holder as Readonly<Record<string, unknown>>)[name] : undefined;
  }, value);
}

function typeName(value: unknown): string {
  if (value === undefined) return 'not there';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
