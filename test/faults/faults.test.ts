import { faults } from './faults.ts';
import { phaseOf, type PhaseId } from './phases.ts';
import { tryFault } from './trial.ts';
import { testWith } from '../support/tools.ts';

// Some cells of the table of docs/reliability.md, those that tell most; `npm run faults` tries all of them.

const cells: readonly (readonly [fault: string, phase: PhaseId])[] = [
  ['sigterm', 'choosing'],
  ['ctrl-c', 'cleaning'],
  ['kill', 'capturing'],
  ['closed-output', 'in a step'],
  ['full-run', 'in a step'],
  ['read-only', 'in a step'],
  ['no-current-folder', 'in a step'],
  ['descriptors', 'in a step'],
];

for (const [id, phase] of cells) {
  const fault = faults.find((each) => each.id === id);
  if (fault === undefined) throw new Error(`there is no fault '${id}'`);
  const tools = (fault.needs ?? []).map((need) => (need === 'mount' ? 'tmpfs' : need));
  testWith.serial('procfs', ...tools)(`${fault.title}, ${phase}: told as it is, and nothing is lost`, async (t) => {
    const cache = process.env['REFIGURE_CACHE'] ?? '';
    t.deepEqual((await tryFault(fault, phaseOf(phase), { cache, built: false })).complaints, []);
  });
}
