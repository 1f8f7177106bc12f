import { EnvHttpProxyAgent, fetch, type Response } from 'undici';

/** Proxies as curl, and so Vagrant, takes them from the environment: HTTP_PROXY, HTTPS_PROXY, NO_PROXY. */
const dispatcher = new EnvHttpProxyAgent();

/** How long a server may take to answer; it must not keep a lesser guest from its start. */
export const answerLimitMs = 8000;

export interface Head {
  readonly url: string;
  /** null: it does not say. */
  readonly bytes: number | null;
}

/** Whether a server has a file, and how large it is; rejects with the reason. */
export function askHead(url: string, signal: AbortSignal): Promise<Head> {
  return request(url, 'HEAD', signal, ({ headers }) => ({ url, bytes: lengthOf(headers) }));
}

/** A small text file; rejects with the reason. */
export function getText(url: string, signal: AbortSignal): Promise<string> {
  return request(url, 'GET', signal, (response) => response.text());
}

/**
 * Begins to get a large file, or what `range` (RFC 9110, section 14.2) asks of it: the caller reads the body, and sets
 * the limits of time. An answer that is no success is one of the results; rejects with the reason when there is none.
 */
export async function openUrl(
  url: string,
  range: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Response> {
  try {
    // The bytes as they are kept there: a range counts those. Undici says so by itself where there is a range.
    const headers = 'range' in range ? range : { 'accept-encoding': 'identity' };
    return await fetch(url, { dispatcher, headers, signal });
  } catch (error) {
    signal.throwIfAborted();
    throw inWords(error);
  }
}

/** The size that an answer says it has; null: it does not say. */
export function lengthOf(headers: Response['headers']): number | null {
  const bytes = Number(headers.get('content-length'));
  return Number.isInteger(bytes) && bytes > 0 ? bytes : null;
}

/** The server answers, and has not what was asked for. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

export function refusal({ status, statusText }: Response): RefusedError {
  return new RefusedError(`the server answers ${status} ${statusText}`.trim());
}

/** Undici says `fetch failed` or `terminated`, and what it was in the cause. */
export function inWords(error: unknown): Error {
  const { cause, message } = error as Error;
  return new Error(cause instanceof Error ? cause.message : message, { cause: error });
}

/** The time limit covers the reading of the answer, too. */
async function request<T>(
  url: string,
  method: 'HEAD' | 'GET',
  signal: AbortSignal,
  read: (response: Response) => T | Promise<T>,
): Promise<T> {
  const late = AbortSignal.timeout(answerLimitMs);
  try {
    const response = await fetch(url, { method, dispatcher, signal: AbortSignal.any([signal, late]) });
    if (!response.ok) throw refusal(response);
    return await read(response);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof RefusedError) throw error;
    if (late.aborted) throw new Error(`no answer within ${answerLimitMs / 1000} s`, { cause: error });
    throw inWords(error);
  }
}
