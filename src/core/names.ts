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
