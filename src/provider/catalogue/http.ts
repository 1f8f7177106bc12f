import { EnvHttpProxyAgent, fetch, type RequestInit, type Response } from 'undici';

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
export async function askHead(url: string, signal: AbortSignal): Promise<Head> {
  const response = await request(url, { method: 'HEAD', signal });
  const length = response.headers.get('content-length');
  return { url, bytes: length === null ? null : Number(length) };
}

/** A small text file; rejects with the reason. */
export async function getText(url: string, signal: AbortSignal): Promise<string> {
  return (await request(url, { signal })).text();
}

async function request(url: string, init: RequestInit & { readonly signal: AbortSignal }): Promise<Response> {
  const late = AbortSignal.timeout(answerLimitMs);
  try {
    const response = await fetch(url, { ...init, dispatcher, signal: AbortSignal.any([init.signal, late]) });
    if (!response.ok) throw new Error(`the server answers ${response.status} ${response.statusText}`.trim());
    return response;
  } catch (error) {
    init.signal.throwIfAborted();
    if (late.aborted) throw new Error(`no answer within ${answerLimitMs / 1000} s`, { cause: error });
    const { cause, message } = error as Error;
    throw new Error(cause instanceof Error ? cause.message : message, { cause: error });
  }
}
