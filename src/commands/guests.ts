import { exitStatus } from '../core/errors.ts';
import { stdout } from '../core/terminal.ts';
import type { ProviderTerms } from '../core/provider.ts';
import { ProviderRegistry } from '../provider/registry.ts';

export interface GuestsOptions {
  readonly catalogue?: string;
}

/** `refigure guests`: the most faithful to the paper first. */
export async function guestsCommand(catalogue?: string): Promise<number> {
  for (const provider of await (await ProviderRegistry.load(catalogue)).all()) {
    const availability = await provider.available();
    const lines =
      availability.state === 'yes'
        ? ['available', `clock: ${clocksText(provider.terms)}`]
        : [`not available: ${availability.reason}`, availability.hint];
    stdout.write(`${provider.name.padEnd(12)} ${provider.description}\n`);
    for (const line of lines) stdout.write(`${' '.repeat(13)}${line}\n`);
  }
  return exitStatus.upheld;
}

function clocksText({ clocks }: ProviderTerms): string {
  return clocks.map(({ kind }) => kind).join(' (the default) or ');
}
