import { difference, imageDifferences, type RecordedGuest } from '../audit/same-machine.ts';
import { HostError } from '../core/errors.ts';
import { v86Version } from '../provider/embedded/v86-version.ts';
import { loadImage } from '../provider/image.ts';
import { findQemu } from '../provider/qemu/program.ts';

/**
 * Whether this host has the machine of a recorded run, as far as that can be known with nothing booted: our own image, and
 * the emulator's version where the clock is virtual. Rejects with HostError, which says what was recorded and what is here.
 */
export async function requireMachineHere(recorded: RecordedGuest): Promise<void> {
  const { clock, image, provider } = recorded;
  const differences = [
    ...(isOurs(image) ? imageDifferences(image, (await loadImage()).identity) : []),
    ...(clock.kind === 'virtual' ? await emulatorDifferences(provider) : []),
  ];
  if (differences.length > 0) throw notTheMachine(differences);
}

/** `differences`: as machineDifferences has them. */
export function notTheMachine(differences: readonly string[]): HostError {
  return new HostError(
    `The machine of the run is not here:\n${differences.join('\n')}`,
    'Use the version of Refigure that run.json names, and the emulator that is named above.',
  );
}

/** Its files ship with this package, or with another version of it. */
function isOurs({ files }: RecordedGuest['image']): boolean {
  return files.length > 0 && files.every(({ check }) => check === 'package');
}

/** What a provider says of its emulator begins with the program and its version: `QEMU 7.2.22, software emulation (TCG)`. */
async function emulatorDifferences(recorded: string): Promise<string[]> {
  const [program = ''] = recorded.split(' ');
  const here = await emulatorHere(program);
  const isHere = recorded === here || recorded.startsWith(`${here},`) || recorded.startsWith(`${here} `);
  return isHere ? [] : difference('the emulator', recorded, here);
}

async function emulatorHere(program: string): Promise<string> {
  if (program === 'v86') return `v86 ${v86Version}`;
  if (program !== 'QEMU') return 'none of that name';
  const qemu = await findQemu();
  return qemu.state === 'found' ? `QEMU ${qemu.program.version}` : `none: ${qemu.reason}`;
}
