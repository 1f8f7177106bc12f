import type { ExecutionContext } from 'ava';
import fc from 'fast-check';

/** The same inputs on every machine; REFIGURE_SEED tries others. */
const seed = Number(process.env['REFIGURE_SEED'] ?? '1');
/** REFIGURE_FUZZ=100 tries a hundred times as many. */
const times = Number(process.env['REFIGURE_FUZZ'] ?? '1');

/**
 * Checks a property with so many inputs. An input that it does not hold for is made smaller, and told with its seed. The
 * predicate throws or gives false; it asserts by node:assert, since a failed assertion of ava ends the test at once.
 */
export async function holds<Inputs>(
  t: ExecutionContext,
  property: fc.IRawProperty<Inputs>,
  runs: number,
): Promise<void> {
  const numRuns = runs * times;
  t.log(`seed ${seed}, ${numRuns} inputs`);
  const details = await fc.check(property, { seed, numRuns });
  if (details.failed) t.fail(fc.defaultReportMessage(details));
  else t.is(details.numRuns, numRuns);
}
