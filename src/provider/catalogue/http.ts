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
  return request(url, 'HEAD', signal, ({ headers }) => {
    const bytes = Number(headers.get('content-length'));
    return { url, bytes: Number.isInteger(bytes) && bytes > 0 ? bytes : null };
  });
}

/** A small text file; rejects with the reason. */
export function getText(url: string, signal: AbortSignal): Promise<string> {
  return request(url, 'GET', signal, (response) => response.text());
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
    if (!response.ok) throw new Error(`the server answers ${response.status} ${response.statusText}`.trim());
    return await read(response);
  } catch (error) {
    signal.throwIfAborted();
    if (late.aborted) throw new Error(`no answer within ${answerLimitMs / 1000} s`, { cause: error });
    const { cause, message } = error as Error;
    throw new Error(cause instanceof Error ? cause.message : message, { cause: error });
  }
}
