import { GuestError, HostError, type RefigureError } from '../../core/errors.ts';
import type { VagrantLine } from './machine-readable.ts';
import { hintOfReason } from './reasons.ts';

/** How a call of Vagrant failed. */
export interface VagrantFailure {
  /** The arguments, without those that we add. */
  readonly call: string;
  readonly lines: readonly VagrantLine[];
  /** What Vagrant printed beside those lines, on either stream. */
  readonly text: string;
  /** null: ended by a signal. */
  readonly status: number | null;
}

const anotherMachine =
  'Another machine has its name: see what it is in the hypervisor, rename or remove it, then run again.';
const wrongBox = 'The file is not the box that was pinned: remove it, or get it from another mirror.';
const getBox = 'Check the network, or give the box as a file (`refigure guests fetch NAME --box FILE`).';
const mendVagrantfile = 'Mend the Vagrantfile, or restore it (`git checkout -- Vagrantfile`, or install again).';
const startLibvirt = 'Start libvirtd, and see that you may use it (be a member of the group `libvirt`).';
const mendVirtualBox = 'Mend the installation of VirtualBox (`refigure doctor` says more), or choose another guest.';
const bootAgain = 'Run again; if it stays, look at the screen of the machine in the hypervisor.';

/** What to do about an error, by the class that Vagrant and its providers give it (lib/vagrant/errors.rb). */
const hints: Readonly<Record<string, string>> = {
  BoxAddShortNotFound: getBox,
  BoxAddNoMatchingProvider: 'The box is for another hypervisor: get the one that the catalogue names.',
  BoxChecksumMismatch: wrongBox,
  BoxFileNotExist: 'Give the path of a box file that is there.',
  BoxMetadataDownloadError: getBox,
  BoxNotFound: getBox,
  BoxProviderDoesntMatch: 'The box is for another hypervisor: get the one that the catalogue names.',
  BoxUnpackageFailure: 'See that the disk has room and that the file is a whole box.',
  ConfigInvalid: mendVagrantfile,
  DomainNameExists: anotherMachine,
  DownloaderChecksumError: wrongBox,
  DownloaderError: getBox,
  FogCreateDomainVolumeError: 'See that the storage pool of libvirt has room.',
  FogLibvirtConnectionError: startLibvirt,
  ImageUploadError: 'See that the storage pool of libvirt has room.',
  MachineActionLockedError: 'Wait until the other run of Vagrant in this folder has ended.',
  NoEnvironmentError: 'Run in a folder with a Vagrantfile.',
  NoIpAddressError: bootAgain,
  ProviderNotFound: "Install that provider's plugin (`vagrant plugin install …`), or choose another guest.",
  ProviderNotUsable: 'Install or start that hypervisor, or choose another guest.',
  SSHNotReady: 'Start the machine (`vagrant up`), then try again.',
  VagrantfileLoadError: mendVagrantfile,
  VagrantfileSyntaxError: mendVagrantfile,
  VagrantVersionBad: 'Install a newer Vagrant (https://developer.hashicorp.com/vagrant).',
  VBoxManageNotFoundError: mendVirtualBox,
  VirtualBoxKernelModuleNotLoaded: mendVirtualBox,
  VirtualBoxNotDetected: mendVirtualBox,
  VirtualBoxNameExists: anotherMachine,
  VMBootBadState: bootAgain,
  VMBootTimeout: bootAgain,
  VMNameExists: anotherMachine,
};

/** Errors that are the machine's fault, not the host's. */
const ofTheGuest = new Set(['NoIpAddressError', 'SSHNotReady', 'VMBootBadState', 'VMBootTimeout']);

const defaultHint = 'Run the same command by hand in the folder of the Vagrantfile to see all that it says.';

/**
 * The class of error that Vagrant names, without its modules (`ProviderNotUsable`). null: Vagrant ended before it could
 * name one, since the Vagrantfile is broken, the folder is missing, or Vagrant crashed.
 */
export function errorClass(lines: readonly VagrantLine[]): string | null {
  const exit = lines.find(({ type }) => type === 'error-exit');
  return exit?.data[0]?.split('::').at(-1) ?? null;
}

/** The failure in our terms: in Vagrant's own words, with a hint for its class. */
export function vagrantError(failure: VagrantFailure): RefigureError {
  const exit = failure.lines.find(({ type }) => type === 'error-exit');
  const named = errorClass(failure.lines);
  const said = (exit?.data.slice(1).join(',') ?? failure.text).trim();
  const how = failure.status === null ? 'was ended by a signal' : `failed with status ${failure.status}`;
  const message = `\`vagrant ${failure.call}\` ${how}${named === null ? '' : ` (${named})`}: ${said || 'it said nothing'}`;
  // Without a class Vagrant failed early; its message or its backtrace then names the Vagrantfile.
  const early = named === null && /Vagrantfile/.test(said) ? mendVagrantfile : defaultHint;
  const hint = hintOfReason(named ?? '', said) ?? hints[named ?? ''] ?? early;
  return named !== null && ofTheGuest.has(named) ? new GuestError(message, hint) : new HostError(message, hint);
}
