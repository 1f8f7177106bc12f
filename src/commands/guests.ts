import { exitStatus } from '../core/errors.ts';
import { ProviderRegistry } from '../provider/registry.ts';

export interface GuestsOptions {
  readonly catalogue?: string;
}

/** `refigure guests`: the most faithful to the paper first. */
export async function guestsCommand(catalogue?: string): Promise<number> {
  for (const provider of await (await ProviderRegistry.load(catalogue)).all()) {
    const availability = await provider.available();
    const state = availability.state === 'yes' ? 'available' : `not available: ${availability.reason}`;
    process.stdout.write(`${provider.name.padEnd(12)} ${provider.description}\n${' '.repeat(13)}${state}\n`);
    if (availability.state === 'no') process.stdout.write(`${' '.repeat(13)}${availability.hint}\n`);
  }
  return exitStatus.upheld;
}
