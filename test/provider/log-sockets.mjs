// Preloaded into every thread of a process (`--import`; worker threads inherit it): writes a line for each network handle
// and each name look-up that Node makes, whichever module asked for it, as `THREAD TYPE`, to the file that
// SOCKET_LOG names. At once, so that nothing is lost when a thread is ended.
import { createHook } from 'node:async_hooks';
import dgram from 'node:dgram';
import { appendFileSync } from 'node:fs';
import process from 'node:process';
import { threadId } from 'node:worker_threads';

// The providers of Node's async_wrap.h that reach for the network; PIPEWRAP and TTYWRAP do not.
const networkTypes =
  /^(TCP|UDP|TLS|HTTP|QUIC|GETADDRINFO|GETNAMEINFO|QUERY|DNSCHANNEL)\w*(WRAP|CHANNEL|SESSION|MESSAGE|REQUEST)$/;

createHook({
  init: (_id, type) => {
    if (networkTypes.test(type)) appendFileSync(process.env.SOCKET_LOG, `${threadId} ${type}\n`);
  },
}).enable();

// One handle of its own in each thread, never bound: proof that the hook is there and sees.
dgram.createSocket('udp4').close();
