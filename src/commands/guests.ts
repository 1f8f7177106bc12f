import { exitStatus } from '../core/errors.ts';
import { providers } from '../provider/providers.ts';

export async function guestsCommand(): Promise<number> {
  for (const provider of providers) {
    const availability = await provider.available();
    const state = availability.state === 'yes' ? 'available' : `not available: ${availability.reason}`;
    process.stdout.write(`${provider.name.padEnd(12)} ${provider.description}\n${' '.repeat(13)}${state}\n`);
    if (availability.state === 'no') process.stdout.write(`${' '.repeat(13)}${availability.hint}\n`);
  }
  return exitStatus.upheld;
}
