import { z } from 'zod';

/** A NUL ends a text in the guest's shell, and in every path. */
export const text = z
  .string()
  .min(1)
  .refine((value) => !value.includes('\0'), 'a text holds no NUL');

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
