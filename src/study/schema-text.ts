import { z } from 'zod';

/** A NUL ends a text in the guest's shell, and in every path. */
export const text = z
  .string()
  .min(1)
  .refine((value) => !value.includes('\0'), 'a text holds no NUL');
