import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Response } from 'undici';
import { inWords, lengthOf, openUrl, refusal } from './http.ts';
import { readPartial, writeOrigin, type Origin, type PartialFile } from './partial-file.ts';
import { howFar, stoodStill } from './progress-text.ts';

export interface FetchFileOptions {
  /**
   * Whether bytes may come together of which no server says that they are of one version: only where a checksum decides
   * in the end.
   */
  readonly mayMix: boolean;
  /** How long nothing may come, in ms. */
  readonly stallMs: number;
  readonly signal: AbortSignal;
  readonly onProgress: (text: string) => void;
}

/** What is sent: from which byte on, and the file that it is part of. */
interface Answer {
  readonly start: number;
  readonly origin: Origin;
  readonly body: AsyncIterable<Uint8Array>;
}

const tellEveryMs = 500;

/**
 * Gets a file, whole, to `path`. What an earlier call left there is kept where the server can go on (RFC 9110, section
 * 14) and has the same file still; `resumed` says whether it was. Rejects with the reason, or the signal's; what has
 * come until then stays for the next call.
 */
export async function fetchFile(
  url: string,
  path: string,
  { mayMix, stallMs, signal, onProgress }: FetchFileOptions,
): Promise<{ readonly resumed: boolean }> {
  const found = await readPartial(path);
  if (found !== null && found.bytes === found.origin.wholeBytes) return { resumed: true };
  const request = new AbortController();
  const either = AbortSignal.any([signal, request.signal]);
  let bytes = found?.bytes ?? 0;
  let toldAt = -Infinity;
  const silence = setTimeout(() => {
    request.abort(new Error(stoodStill(stallMs, bytes)));
  }, stallMs);
  try {
    const answer = await ask(url, found, mayMix, either);
    await save(answer, path, (now) => {
      bytes = now;
      silence.refresh();
      if (performance.now() - toldAt < tellEveryMs) return;
      toldAt = performance.now();
      onProgress(howFar(bytes, answer.origin.wholeBytes));
    });
    return { resumed: answer.start > 0 };
  } catch (error) {
    either.throwIfAborted();
    throw inWords(error);
  } finally {
    clearTimeout(silence);
    request.abort(); // what is still being sent is not wanted
  }
}

async function ask(url: string, found: PartialFile | null, mayMix: boolean, signal: AbortSignal): Promise<Answer> {
  if (url.startsWith('file:')) return readLocal(url, signal);
  const range = found === null ? null : rangeOf(found, url, mayMix);
  const response = await openUrl(url, range ?? {}, signal);
  if (found !== null && range !== null && response.status !== 200) {
    const whole = wholeOf(response, found);
    if (whole !== null) return answerOf(url, response, found.bytes, whole.bytes);
    if (response.status === 206 || response.status === 416) {
      await response.body?.cancel();
      return ask(url, null, mayMix, signal); // it is another file than the one that was begun
    }
  }
  if (response.status !== 200) throw refusal(response);
  return answerOf(url, response, 0, lengthOf(response.headers));
}

/** The headers that ask for the rest; null: it could not be joined to what is here. */
function rangeOf({ bytes, origin }: PartialFile, url: string, mayMix: boolean): Record<string, string> | null {
  const range = `bytes=${bytes}-`;
  const sameUrl = origin.url === url;
  if (sameUrl && origin.version !== null) return { range, 'if-range': origin.version };
  return mayMix && (sameUrl || origin.wholeBytes !== null) ? { range } : null;
}

/** How large the file is whose rest this answer is; null: it is no such rest. */
function wholeOf({ status, headers }: Response, found: PartialFile): { readonly bytes: number | null } | null {
  const [, start, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get('content-range') ?? '') ?? [];
  if (status !== 206 || Number(start) !== found.bytes) return null;
  const known = found.origin.wholeBytes;
  if (total === undefined || total === '*') return { bytes: known };
  return known === null || known === Number(total) ? { bytes: Number(total) } : null;
}

function answerOf(url: string, { headers, body }: Response, start: number, wholeBytes: number | null): Answer {
  if (body === null) throw new Error('the server sends nothing');
  const etag = headers.get('etag');
  // A weak one does not vouch for each byte (RFC 9110, section 13.1.5).
  const version = etag?.startsWith('"') === true ? etag : headers.get('last-modified');
  return { start, origin: { url, version, wholeBytes }, body };
}

async function readLocal(url: string, signal: AbortSignal): Promise<Answer> {
  const path = fileURLToPath(url);
  const { size } = await stat(path);
  return { start: 0, origin: { url, version: null, wholeBytes: size }, body: createReadStream(path, { signal }) };
}

/** `onBytes` is told, after each piece, how many bytes there are. */
async function save({ start, origin, body }: Answer, path: string, onBytes: (bytes: number) => void): Promise<void> {
  const file = await open(path, start === 0 ? 'w' : 'a');
  let bytes = start;
  try {
    await writeOrigin(path, origin); // once the bytes of another are gone
    for await (const chunk of body) {
      await file.writeFile(chunk);
      bytes += chunk.length;
      onBytes(bytes);
    }
  } finally {
    await file.close();
  }
  if (origin.wholeBytes !== null && bytes !== origin.wholeBytes) {
    throw new Error(`it ends after ${bytes} of ${origin.wholeBytes} bytes`);
  }
}
