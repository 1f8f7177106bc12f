import { z } from 'zod';

/** The names that a study gives to its parts, as schemas. */

/** Windows keeps these names for devices, with any ending. */
const notReserved = /^(?!(?:con|prn|aux|nul|com[0-9]|lpt[0-9])$)/i;
const reservedMessage = 'Windows does not allow a file of this name';

/** They are parts of file names, of which no system takes more than 255 bytes. */
export const maxCharacters = 64;
export const tooLong = `a name of a file has up to ${maxCharacters} characters`;

export const id = z
  .string()
  .max(maxCharacters, tooLong)
  .regex(/^[a-z0-9][a-z0-9-]*$/, 'an id has lower-case letters, digits and hyphens only')
  .regex(notReserved, reservedMessage)
  .describe('A short name, used in file names and messages.');

/** Capture names are variables of the claims' expressions, so they are identifiers. */
export const captureId = z
  .string()
  .max(maxCharacters, tooLong)
  .regex(/^[a-z][a-z0-9_]*$/, 'a capture id has lower-case letters, digits and underscores only, a letter first')
  .regex(notReserved, reservedMessage)
  .describe('Name of the capture: its file name, and its variable in claims.');

/** As ip-netns(8) takes it for a file name, and nothing that a shell would act on. */
export const namespaceName = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/, 'a namespace has letters, digits, _, . and - only')
  .describe('Name of a network namespace.');

/** The kernel takes up to 15 bytes (IFNAMSIZ). */
export const deviceName = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}$/, 'a device has letters, digits, _, . and - only, 15 of them at most')
  .describe('Name of a network device.');

/** The root namespace, which has no name of its own, is `host` to a study. */
export const hostName = 'host';

/** `NAMESPACE` or `NAMESPACE/DEVICE`. */
export const placeName = z
  .string()
  .regex(
    /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}(?:\/[A-Za-z0-9_][A-Za-z0-9_.-]{0,14})?$/,
    'write NAMESPACE or NAMESPACE/DEVICE',
  )
  .describe('A namespace, or a device of it: `host/eth0`.');
