import type { DescribedKind } from '../kinds.ts';
import { isSshUrl } from './url.ts';

/** A machine that the user already has, reached over SSH. */
export const sshHostKind: DescribedKind = {
  claims: isSshUrl,
  make: async (url) => (await import('./provider.ts')).makeSshHostProvider(url),
};
