import { exitStatus } from '../core/errors.ts';
import { jsonLine, stdout } from '../core/terminal.ts';
import { examineHost, type Finding } from '../provider/host/examine.ts';
import { ProviderRegistry } from '../provider/registry.ts';

export interface DoctorOptions {
  readonly catalogue?: string;
  readonly json?: true;
}

/** `refigure doctor`: what this host has, and which guests it can run for that. */
export async function doctorCommand(options: DoctorOptions): Promise<number> {
  const print = options.json ? printJson : printLine;
  for (const finding of await examineHost()) print(finding);
  for (const provider of await (await ProviderRegistry.load(options.catalogue)).all()) {
    const availability = await provider.available();
    const about = `guest ${provider.name} (${provider.through})`;
    if (availability.state === 'yes') print({ about, state: 'ok', text: 'can run here' });
    else print({ about, state: 'problem', text: availability.reason, remedy: availability.hint });
  }
  return exitStatus.upheld;
}

const widths = { state: 8, about: 26 };

function printLine({ about, state, text, remedy }: Finding): void {
  stdout.write(`${state.padEnd(widths.state)} ${about.padEnd(widths.about)} ${text}\n`);
  if (remedy !== undefined) stdout.write(`${' '.repeat(widths.state + widths.about + 2)}${remedy}\n`);
}

function printJson(finding: Finding): void {
  process.stdout.write(jsonLine({ kind: 'finding', ...finding }));
}
