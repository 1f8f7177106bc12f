import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { z } from 'zod';
import { arrivalLine, arrivalsHeader, type Arrival } from '../../src/evidence/arrivals.ts';
import { layout } from '../../src/evidence/layout.ts';
import { openRun, type Evidence } from '../../src/evidence/open.ts';
import { EvidenceWriter } from '../../src/evidence/writer.ts';
import { recordings } from '../../src/recording/recording.ts';
import { shellStudy } from '../run/shell-study.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const headerSchema = z.strictObject({
  version: z.literal(2),
  width: z.int().positive(),
  height: z.int().positive(),
  timestamp: z.int().positive().optional(),
  title: z.string(),
  env: z.strictObject({ TERM: z.string() }),
});
const eventSchema = z.tuple([z.number().nonnegative(), z.literal('o'), z.string()]);

export interface Cast {
  readonly header: z.infer<typeof headerSchema>;
  readonly events: readonly (readonly [atS: number, text: string])[];
  /** All that the terminal was sent. */
  readonly sent: string;
}

/** A strict reader of asciicast v2: one JSON value a line, the last line ended too, times that never go back. */
export function readCast(text: string): Cast {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const [header, ...lines] = text.slice(0, -1).split('\n');
  const events = lines.map((line) => {
    const [atS, , sent] = eventSchema.parse(JSON.parse(line));
    return [atS, sent] as const;
  });
  const back = events.findIndex(([atS], index) => atS < (events[index - 1]?.[0] ?? 0));
  if (back >= 0) throw new Error(`the time goes back in line ${back + 2}`);
  return {
    header: headerSchema.parse(JSON.parse(header ?? '')),
    events,
    sent: events.map(([, sent]) => sent).join(''),
  };
}

/** A run of one experiment with this journal; its steps are `one` and `two`. */
export async function runOf(
  t: ExecutionContext,
  journal: Buffer,
  arrivals: readonly Arrival[] | null = null,
): Promise<Evidence> {
  const base = await temporaryFolder(t);
  const steps = { one: [{ run: 'true' }], two: [{ run: 'true' }] };
  const { files } = await shellStudy(join(base, 'study'), [{ id: 'first', steps }]);
  const writer = new EvidenceWriter(join(base, 'run'));
  for (const { path, content } of files) writer.put(`${layout.study}/${path}`, content);
  writer.put(layout.journal('first'), journal);
  if (arrivals !== null) {
    writer.put(layout.arrivals('first'), arrivalsHeader + arrivals.map(arrivalLine).join(''));
  }
  writer.putRecord({
    format: 2,
    state: 'complete',
    reason: null,
    startedAt: '2024-01-01T00:00:00.000Z',
    study: { id: 'small', file: 'study.yaml', experiments: ['first'] },
    choice: { asked: 'auto', passedOver: [] },
    guest: null,
    host: { system: 'Linux 6.1', architecture: 'x64', node: 'v20', refigure: '0.1.0', commit: null },
    reconnections: 0,
    timings: [],
  });
  return openRun(writer.folder);
}

export async function castOf(t: ExecutionContext, ...run: [Buffer, (readonly Arrival[] | null)?]): Promise<Cast> {
  const text = recordings(await runOf(t, ...run)).get(layout.recording('first'));
  if (text === undefined) throw new Error('there is no recording');
  return readCast(text);
}
