import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { findingsOf } from '../../src/comparison/findings.ts';
import { EvidenceError } from '../../src/core/errors.ts';
import { layout } from '../../src/evidence/layout.ts';
import { openRun } from '../../src/evidence/open.ts';
import { renderReport } from '../../src/report/render.ts';
import { smallRun, virtualGuest } from '../support/saved-run.ts';

type Place = readonly (string | number)[];

/** The place of every value in some JSON, the whole among them. */
function placesIn(value: unknown, place: Place = []): Place[] {
  const inner = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return [place, ...inner.flatMap(([key, each]) => placesIn(each, [...place, key]))];
}

function replaced(value: unknown, [key, ...rest]: Place, by: unknown): unknown {
  if (key === undefined) return by;
  const parent = value as Record<string, unknown>;
  const changed = { [key]: replaced(parent[key], rest, by) };
  return Array.isArray(value) ? Object.assign([...(value as unknown[])], changed) : { ...parent, ...changed };
}

const garbage = [null, [], {}, 1e308, -1, '', '\u001b[2J', true];

test('a record with garbage in any place is reported on, or refused with that place', async (t) => {
  const folder = await smallRun(t, {
    record: { guest: virtualGuest(), choice: { asked: 'auto', passedOver: [{ guest: 'x', reason: 'y' }] } },
  });
  const path = join(folder, layout.run);
  const record: unknown = JSON.parse(await readFile(path, 'utf8'));
  const places = placesIn(record);
  t.true(places.length > 40);
  let refused = 0;
  for (const place of places) {
    for (const value of garbage) {
      await writeFile(path, JSON.stringify(replaced(record, place, value)));
      const said = `${place.join('.')}: ${JSON.stringify(value)}`;
      try {
        await renderReport(findingsOf(await openRun(folder)), 'en');
      } catch (error) {
        if (!(error instanceof EvidenceError)) throw new Error(said, { cause: error });
        refused += 1;
        t.regex(error.message, /run\.json cannot be read: |The study of the run cannot be read: /, said);
      }
    }
  }
  t.true(refused > places.length, 'most garbage is of the wrong type');
});
