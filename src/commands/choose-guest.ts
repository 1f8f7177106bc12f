import { HostError, messageOf } from '../core/errors.ts';
import type { Download, Provider } from '../core/provider.ts';
import { anyGuest } from '../provider/registry.ts';
import { downloadText } from '../reporter/words.ts';
import type { GuestChoice } from '../run/boot.ts';
import type { DownloadStart, Tell } from '../run/events.ts';
import type { Consent, Question } from './consent.ts';

/** A download of more bytes than this is not begun without saying so first, and asking where there is somebody to ask. */
const smallBytes = 100e6;

/** What speaks with the user while an image is got. */
export interface Dialogue {
  readonly tell: Tell;
  /** Asks for a consent, to a download where no question is given; rejects with the signal's reason. */
  readonly consent: (what: string, question?: Question) => Promise<Consent>;
  readonly signal: AbortSignal;
}

export interface GuestSearch extends Dialogue {
  /** Throws UsageError where a provider cannot grant what the run asks of it. */
  readonly requireTerms: (provider: Provider) => void;
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
 * The most faithful guest that this host can run and whose image is here, with the lesser ones behind it: who names no guest
 * is asked about no download. `providers`: the most faithful first. Rejects with HostError, or with the signal's reason.
 */
export async function chooseBest(providers: readonly Provider[], search: GuestSearch): Promise<GuestChoice> {
  const { requireTerms, signal } = search;
  const passedOver: { guest: string; reason: string }[] = [];
  for (const [index, provider] of providers.entries()) {
    try {
      requireTerms(provider);
      const availability = await provider.available();
      if (availability.state === 'no') throw new HostError(availability.reason, availability.hint);
      await requireImage(provider);
      provider.prepare?.();
      return { asked: anyGuest, passedOver, providers: [provider, ...providers.slice(index + 1)] };
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

/** Throws HostError where an image would have to be downloaded. */
async function requireImage(provider: Provider): Promise<void> {
  if ((await provider.hasImage?.()) !== false) return;
  const fetch = `refigure guests fetch ${provider.name}`;
  throw new HostError(`its image is not here (\`${fetch}\` gets it)`, `Get it beforehand: \`${fetch}\`.`);
}

async function getImage(provider: Provider, dialogue: Dialogue): Promise<void> {
  const download = await provider.download?.(dialogue.signal);
  if (download != null) await fetchImage(provider.name, download, dialogue);
}

/** Gets an image, once the user knows how large it is. */
export async function fetchImage(guest: string, download: Download, dialogue: Dialogue): Promise<void> {
  const { bytes, from } = download;
  const { tell, consent, signal } = dialogue;
  const isLarge = bytes === null || bytes > smallBytes;
  const consented = isLarge ? await consent(downloadText({ guest, from, bytes })) : 'yes';
  if (consented === 'no') throw new HostError('its download was declined', 'Say yes to it.');
  await tellDownload({ guest, from, bytes, unasked: consented === 'nobody' }, tell, (onProgress) =>
    download.run({ signal, onProgress }),
  );
}

/** Does a download, and tells how far it is. */
export async function tellDownload(
  start: Omit<DownloadStart, 'kind'>,
  tell: Tell,
  work: (onProgress: (text: string) => void) => Promise<void>,
): Promise<void> {
  const { guest } = start;
  const end = (state: 'done' | 'failed'): void => {
    tell({ kind: 'download-end', guest, state });
  };
  tell({ kind: 'download-start', ...start });
  try {
    await work((text) => {
      tell({ kind: 'download-progress', guest, text });
    });
    end('done');
  } catch (error) {
    end('failed');
    throw error;
  }
}
