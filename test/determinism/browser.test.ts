import { readdir, readFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { SealedGuest, SealedLoad } from '../../src/core/guest.ts';
import { packagePath } from '../../src/core/package.ts';
import type { Provider } from '../../src/core/provider.ts';
import { sealedCommandLine } from '../../src/provider/embedded/boot-state.ts';
import { embeddedProvider } from '../../src/provider/embedded/provider.ts';
import { memoryMiB } from '../../src/provider/embedded/start.ts';
import { cacheFolder } from '../../src/provider/host/cache-folder.ts';
import { loadImage } from '../../src/provider/image.ts';
import { emulatorSeed, packLoad, sealedWords } from '../../src/provider/sealed/load.ts';
import { loadStudy } from '../../src/study/load.ts';
import { launchBrowser } from '../support/browser.ts';
import { serve } from '../support/http-server.ts';
import { limits } from '../support/limits.ts';
import { testWith } from '../support/tools.ts';
import type { BrowserJob, BrowserResult, OutputFrame } from './browser-messages.ts';
import { runWhole } from './virtual-run.ts';

const seed = 1;

/** The embedded guest, with what it was handed and what came out of it noted. */
class Listener {
  readonly frames: OutputFrame[] = [];
  load: SealedLoad | null = null;

  get provider(): Provider {
    return {
      ...embeddedProvider,
      start: async (options) => {
        const guest = await embeddedProvider.start(options);
        if (!guest.sealed) throw new Error('the guest is not sealed');
        return this.#listening(guest);
      },
    };
  }

  #listening(guest: SealedGuest): SealedGuest {
    return {
      ...{ sealed: true, identity: guest.identity, lost: guest.lost, open: guest.open },
      copyCommand: (channel) => guest.copyCommand(channel),
      run: (load, onOutput, signal) => {
        this.load = load;
        const listen: typeof onOutput = (output) => {
          this.frames.push([output.channel, output.atMs ?? NaN, output.bytes.toString('hex')]);
          onOutput(output);
        };
        return guest.run(load, listen, signal);
      },
      stop: () => guest.stop(),
    };
  }
}

/** What the page does with the emulator: two workers, one after the other, as Node has two threads. */
const pageScript = `
window.work = (job) => new Promise((resolve, reject) => {
  const worker = new Worker('/worker.js', { type: 'module' });
  worker.onerror = ({ message }) => reject(new Error(message));
  worker.onmessage = ({ data }) => {
    worker.terminate();
    if (data.kind === 'failed') reject(new Error(data.message));
    else resolve(data);
  };
  worker.postMessage(job);
});
window.boot = async (job) => {
  window.booted = await work(job);
  const { sha256, mark } = window.booted;
  return { sha256, mark };
};
window.run = async (job, seed, given) => {
  const { state, mark } = window.booted;
  const load = Uint8Array.from(atob(given.load), (letter) => letter.charCodeAt(0));
  return work({ ...job, run: { state, mark, seed, given: { ...given, load } } });
};`;

testWith('chromium')(
  'in a worker of a web page the emulator does the very same, to the byte and to the moment',
  async (t) => {
    const listener = new Listener();
    const loaded = await loadStudy(packagePath('experiments/veth-pair'));
    await runWhole(t, loaded, { provider: listener.provider, seed });
    if (listener.load === null) return t.fail('nothing was handed to the guest');

    const image = await loadImage();
    const { base } = await serve(t, {
      '/': answer(
        'text/html',
        Buffer.from(`<!doctype html><link rel="icon" href="data:,"><script>${pageScript}</script>`),
      ),
      '/worker.js': answer('text/javascript', await bundle()),
      '/bios': answer('application/octet-stream', await readFile(image.bios)),
      '/kernel': answer('application/octet-stream', await readFile(image.kernel)),
      '/initramfs': answer('application/octet-stream', await readFile(image.initramfs)),
      '/v86.wasm': answer('application/wasm', await readFile(fileURLToPath(import.meta.resolve('v86/build/v86.wasm')))),
    });
    const browser = await launchBrowser();
    t.teardown(() => browser.close());
    const page = await browser.newPage();
    page.setDefaultTimeout(limits.bootMs);
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`${base}/`);

    const files = { bios: '/bios', kernel: '/kernel', initramfs: '/initramfs', wasm: '/v86.wasm' };
    const job: BrowserJob = { files, commandLine: sealedCommandLine, memoryMiB, run: null };
    const booted = await page.evaluate<{ sha256: string; mark: unknown }>(`boot(${JSON.stringify(job)})`);
    t.is(booted.sha256, await keptChecksum(), 'the machine after its boot');

    const load = await packLoad(listener.load);
    const line = `${sealedWords(listener.load, seed, load.length)}\n`;
    const given = { line, load: Buffer.from(load).toString('base64'), silenceMs: listener.load.silenceMs };
    const words = [job, emulatorSeed(seed), given].map((word) => JSON.stringify(word)).join(', ');
    const ran = await page.evaluate<Extract<BrowserResult, { readonly kind: 'ran' }>>(`run(${words})`);
    t.true(ran.frames.length > 50);
    t.deepEqual(
      ran.frames.find((frame, index) => frame.join(' ') !== listener.frames[index]?.join(' ')),
      undefined,
      'the first frame that differs',
    );
    t.is(ran.frames.length, listener.frames.length);
    t.deepEqual(complaints, []);
  },
);

/** The checksum of the state that the run in Node has kept. */
async function keptChecksum(): Promise<string> {
  const states = join(cacheFolder(), 'states', 'embedded-virtual');
  const [key = ''] = await readdir(states);
  return (JSON.parse(await readFile(join(states, key, 'state.json'), 'utf8')) as { readonly sha256: string }).sha256;
}

function answer(type: string, content: Uint8Array): RequestListener {
  return (_, response) => {
    response.writeHead(200, { 'content-type': type, 'content-length': content.length }).end(content);
  };
}

/** The emulator's module and what it needs, for a browser. */
async function bundle(): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('browser-worker.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    external: ['node:*', 'crypto', 'fs', 'perf_hooks'], // v86 asks for them in Node only
    logLevel: 'silent',
  });
  return outputFiles[0]?.contents ?? new Uint8Array();
}
