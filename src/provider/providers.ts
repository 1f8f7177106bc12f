import { UsageError } from '../core/errors.ts';
import type { Provider } from '../core/guest.ts';
import { embeddedProvider } from './embedded/provider.ts';

/** Every guest there is, the default first. */
export const providers: readonly Provider[] = [embeddedProvider];

/** See Provider.prepare; nothing where there is no such guest, which `findProvider` will say. */
export function prepareProvider(name: string): void {
  providers.find((candidate) => candidate.name === name)?.prepare?.();
}

export function findProvider(name: string): Provider {
  const provider = providers.find((candidate) => candidate.name === name);
  if (provider !== undefined) return provider;
  const known = providers.map((candidate) => candidate.name).join(', ');
  throw new UsageError(`There is no guest '${name}'.`, `Guests: ${known}. \`refigure guests\` tells what each is.`);
}
