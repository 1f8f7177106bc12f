import { RE2JS, RE2JSException } from 're2js';
import { z } from 'zod';
import { isKnownMask } from './mask-names.ts';
import { text } from './schema-parts.ts';

/** What may differ in what this study's commands print, beside what every study may mask. */
export interface OwnMask {
  /** In the syntax of RE2; looked for in each line. */
  readonly pattern: string;
  /** What stands for it, in an expectation too. */
  readonly shown: string;
}

export const ownMasks = z
  .record(
    text,
    z.strictObject({
      pattern: text
        .superRefine((pattern, context) => {
          const fault = maskFault(pattern);
          if (fault !== null) context.addIssue({ code: 'custom', message: fault });
        })
        .describe('What may differ, in the syntax of RE2; looked for in each line, as often as it is there.'),
      shown: text.describe('What stands for it where a figure says what it shows, as `<clock>`.'),
    }),
  )
  .superRefine((masks, context) => {
    for (const name of Object.keys(masks)) {
      const fault = nameFault(name);
      if (fault !== null) context.addIssue({ code: 'custom', path: [name], message: fault });
    }
  })
  .describe('Masks of the study, by the names that `shows.masks` has.');

function nameFault(name: string): string | null {
  if (isKnownMask(name)) return 'this is the name of a mask that every study has';
  return /^[a-z][a-z0-9-]*$/.test(name)
    ? null
    : `a mask is called with lower-case letters, digits and hyphens only, a letter first: not '${name}'`;
}

/** A mask that takes nothing would put what is shown everywhere. */
function maskFault(pattern: string): string | null {
  try {
    return RE2JS.compile(pattern).matcher('').find()
      ? 'the pattern fits nothing at all, too: it would fit everywhere'
      : null;
  } catch (error) {
    if (error instanceof RE2JSException) return `this is no pattern: ${error.message}`;
    throw error;
  }
}
