import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ExecutionContext } from 'ava';

export type Answers = Readonly<Record<string, RequestListener>>;

/** A server on the loopback interface; what it was asked for, in order: `GET /a bytes=5-`. */
export async function serve(
  t: ExecutionContext,
  answers: Answers,
): Promise<{ readonly base: string; readonly asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    asked.push([method, url, headers.range].filter((word) => word !== undefined).join(' '));
    const answer = answers[url];
    if (answer === undefined) response.writeHead(404).end();
    else answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return { base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

/** Sends all, whatever range is asked for. */
export const whole =
  (content: Buffer): RequestListener =>
  ({ method }, response) => {
    response.writeHead(200, { 'content-length': content.length, 'content-type': 'application/octet-stream' });
    response.end(method === 'HEAD' ? undefined : content);
  };

/** Says that it sends all, sends the first half, then falls silent; or hangs up, at once or later. */
export const half =
  (content: Buffer, then: 'hangs up' | 'falls silent' | Promise<void>, etag: string | null = null): RequestListener =>
  ({ method }, response) => {
    response.writeHead(200, { 'content-length': content.length, ...(etag !== null && { etag }) });
    if (method === 'HEAD') response.end();
    else {
      response.write(content.subarray(0, content.length / 2), () => {
        if (then === 'hangs up') response.destroy();
        else if (then !== 'falls silent') void then.then(() => response.destroy());
      });
    }
  };

/** Says nothing of its size. */
export const endless =
  (content: Buffer): RequestListener =>
  ({ method }, response) => {
    response.writeHead(200);
    if (method === 'HEAD') response.end();
    else {
      response.write(content.subarray(0, content.length / 2));
      response.end(content.subarray(content.length / 2));
    }
  };

/** Sends what is asked for (RFC 9110, sections 13.1.5 and 14.2), of the version that `etag` marks. */
export const ranged =
  (content: Buffer, etag: string | null): RequestListener =>
  ({ method, headers }, response) => {
    if (etag !== null) response.setHeader('etag', etag);
    const [, first] = /^bytes=(\d+)-$/.exec(headers.range ?? '') ?? [];
    const start = Number(first ?? 0);
    const isRest = first !== undefined && (headers['if-range'] ?? etag) === etag;
    if (isRest && start >= content.length) {
      response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end();
      return;
    }
    const sent = isRest ? content.subarray(start) : content;
    response.writeHead(isRest ? 206 : 200, {
      'content-length': sent.length,
      ...(isRest && { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` }),
    });
    response.end(method === 'HEAD' ? undefined : sent);
  };

/** One answer up to the first GET, then another. */
export function first(answer: RequestListener, then: RequestListener): RequestListener {
  let isFirst = true;
  return (request, response) => {
    const chosen = isFirst ? answer : then;
    if (request.method === 'GET') isFirst = false;
    chosen(request, response);
  };
}

/** A list as sha256sum(1) prints it. */
export const list =
  (content: Buffer, name: string): RequestListener =>
  (_, response) => {
    response.end(`${createHash('sha256').update(content).digest('hex')}  ${name}\n`);
  };
