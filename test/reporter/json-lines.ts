import type { ExecutionContext } from 'ava';
import { lineSchema } from '../support/event-schema.ts';

const [firstLine, otherLine] = [lineSchema(true), lineSchema(false)];

/** What `--json` printed; each line must be an event as it is documented, all of one run. */
export function parseLines(t: ExecutionContext, printed: string): Record<string, unknown>[] {
  t.true(printed.endsWith('\n'));
  const events = printed
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  for (const [index, event] of events.entries()) {
    const { success, error } = (index === 0 ? firstLine : otherLine).safeParse(event);
    t.true(success, `${JSON.stringify(event)}: ${String(error)}`);
  }
  t.is(new Set(events.map(({ run }) => run)).size, 1);
  return events;
}
