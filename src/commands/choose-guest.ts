import { HostError, messageOf } from '../core/errors.ts';
import type { Download, Provider } from '../core/provider.ts';
import { anyGuest } from '../provider/registry.ts';
import type { GuestChoice } from '../run/boot.ts';
import type { Voice } from './voice.ts';

/** A download of more bytes than this is not begun without saying so first, and asking where there is somebody to ask. */
const smallBytes = 100e6;

export interface GuestSearch {
  /** Throws UsageError where a provider cannot grant what the run asks of it. */
  readonly requireTerms: (provider: Provider) => void;
  readonly voice: Voice;
  readonly signal: AbortSignal;
}

/** The guest that the user named, its image fetched. Rejects with UsageError, HostError, or the signal's reason. */
export async function chooseNamed(provider: Provider, search: GuestSearch): Promise<GuestChoice> {
  search.requireTerms(provider);
  const availability = await provider.available();
  if (availability.state === 'no') {
    throw new HostError(`The guest ${provider.name}: ${availability.reason}.`, availability.hint);
  }
  await getImage(provider, search);
  // Not what the user typed: the evidence names no machine of the user's.
  return { asked: provider.name, passedOver: [], providers: [provider] };
}

/**
 * The most faithful guest that this host can run and whose image is here or can be had, with the lesser ones behind it.
 * Says which, and why not the better ones. `providers`: the most faithful first. Rejects with HostError, or with the
 * signal's reason.
 */
export async function chooseBest(providers: readonly Provider[], search: GuestSearch): Promise<GuestChoice> {
  const { requireTerms, signal, voice } = search;
  const passedOver: { guest: string; reason: string }[] = [];
  for (const [index, provider] of providers.entries()) {
    try {
      requireTerms(provider);
      const availability = await provider.available();
      if (availability.state === 'no') throw new HostError(availability.reason, availability.hint);
      await getImage(provider, search);
      provider.prepare?.();
      voice.chosen(provider.name, passedOver);
      return { asked: anyGuest, passedOver, providers: providers.slice(index) };
    } catch (error) {
      signal.throwIfAborted();
      passedOver.push({
        guest: tellApart(provider, providers),
        reason: messageOf(error),
      });
    }
  }
  throw new HostError(
    `No guest can run on this host:\n${passedOver.map(({ guest, reason }) => `${guest}: ${reason}`).join('\n')}`,
    '`refigure doctor` says what is amiss, and what to do about it.',
  );
}

/** A guest that several programs can boot is told with the program. */
function tellApart({ name, through }: Provider, providers: readonly Provider[]): string {
  return providers.filter((other) => other.name === name).length > 1 ? `${name} (${through})` : name;
}

async function getImage(provider: Provider, { voice, signal }: GuestSearch): Promise<void> {
  const download = await provider.download?.(signal);
  if (download != null) await fetchImage(provider.name, download, voice, signal);
}

/** Gets an image, once the user knows how large it is. */
export async function fetchImage(name: string, download: Download, voice: Voice, signal: AbortSignal): Promise<void> {
  const { bytes, from } = download;
  const size = bytes === null ? 'of a size that the server does not tell' : `of ${(bytes / 1e6).toFixed(0)} MB`;
  const what = `The guest ${name} is a download ${size} from ${from}.`;
  if (bytes === null || bytes > smallBytes) {
    if (!(await voice.allows(what, signal))) throw new HostError('its download was declined', 'Say yes to it.');
  }
  await voice.downloading(what, (onProgress) => download.run({ signal, onProgress }));
}
