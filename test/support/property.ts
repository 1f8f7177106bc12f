import type { ExecutionContext } from 'ava';
import fc from 'fast-check';

/** The same inputs on every machine; REFIGURE_SEED tries others. */
const seed = Number(process.env['REFIGURE_SEED'] ?? '1');

/**
 * Checks a property with so many inputs. An input that it does not hold for is made smaller, and told with its seed. The
 * predicate throws or gives false; it asserts by node:assert, since a failed assertion of ava ends the test at once.
 */
export async function holds<Inputs>(
  t: ExecutionContext,
  property: fc.IRawProperty<Inputs>,
  runs: number,
): Promise<void> {
  const details = await fc.check(property, { seed, numRuns: runs });
  if (details.failed) t.fail(fc.defaultReportMessage(details));
  else t.is(details.numRuns, runs);
}
