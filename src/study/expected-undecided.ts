import { z } from 'zod';
import { clockKinds, processorKinds, type GuestTraits } from '../core/guest-traits.ts';
import { list } from './format-2-experiment.ts';
import { prose } from './format-2-steps.ts';
import type { Prose } from './schema.ts';

/** On which guests the author of a claim expects it to be undecided. */
export interface ExpectedUndecided {
  /** What the guest is; all that is named must fit. */
  readonly when: { readonly [Trait in keyof GuestTraits]?: readonly GuestTraits[Trait][] | undefined };
  /** Why nothing can be concluded there. */
  readonly because: Prose;
}

const when = z
  .strictObject({
    processor: list(z.enum(processorKinds))
      .optional()
      .describe(
        'What carries out its instructions: software (`emulated`), a processor of the host (`hardware`), or what only its ' +
          'user knows (`unknown`).',
      ),
    clock: list(z.enum(clockKinds))
      .optional()
      .describe('What its clock follows: the work of its processor (`virtual`), or the time of the host (`real`).'),
  })
  .refine((traits) => Object.keys(traits).length > 0, "say of which guest: by 'processor', 'clock', or both");

export const expectedUndecided = z
  .strictObject({
    when: when.describe('Which guests these are: all that fit each of these.'),
    because: prose.describe('Why nothing can be concluded there.'),
  })
  .describe('On which guests the claim is expected to be undecided, whatever was measured there.');
