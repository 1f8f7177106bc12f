// The yardstick: what one would write by hand to run the same commands in the same guest. One file, v86 and ssh2
// directly, one exec a command, output to the screen; no journal, no evidence, no claims, no report, no host key brought
// along (the guest makes one, which takes half a second).
//   node bench/by-hand.mjs COMMANDS_FILE        one command a line
import { readFileSync } from 'node:fs';
import { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import ssh2 from 'ssh2';
import { V86 } from 'v86';

const image = (name) => readFileSync(new URL(`../guest/image/${name}`, import.meta.url));
const manifest = JSON.parse(image('image.json'));
const part = (name) => {
  const bytes = image(manifest[name].file);
  return { buffer: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) };
};
const commands = readFileSync(process.argv[2], 'utf8').split('\n').filter(Boolean);
let key;
do key = ssh2.utils.generateKeyPairSync('ed25519');
while (ssh2.utils.parseKey(key.private) instanceof Error); // one in 256 is broken, see src/provider/ssh/keys.ts

const machine = new V86({
  wasm_path: fileURLToPath(import.meta.resolve('v86/build/v86.wasm')),
  memory_size: 128 * 1024 * 1024,
  vga_memory_size: 2 * 1024 * 1024,
  bios: part('bios'),
  bzimage: part('kernel'),
  initrd: part('initramfs'),
  cmdline: `console=ttyS0 quiet rdinit=/init nokaslr tsc=reliable refigure.key=${key.public.split(' ')[1]}`,
  autostart: true,
  fastboot: true,
  net_device: { type: 'virtio', relay_url: 'fetch', mtu: 1500 },
  disable_keyboard: true,
  disable_mouse: true,
  disable_speaker: true,
});

await new Promise((resolve) => {
  let line = '';
  machine.add_listener('serial0-output-byte', (byte) => {
    line = byte === 10 ? '' : line + String.fromCharCode(byte);
    if (line.startsWith('refigure-guest: ready')) resolve();
  });
});

const connection = machine.network_adapter.connect(22);
const socket = new Duplex({
  read() {},
  write(chunk, _encoding, callback) {
    connection.write(new Uint8Array(chunk));
    callback();
  },
});
connection.on('data', (bytes) => socket.push(Buffer.from(bytes)));
await new Promise((resolve) => connection.on('connect', resolve));

const client = new ssh2.Client();
await new Promise((resolve, reject) => {
  client.on('ready', resolve).on('error', reject);
  client.connect({ sock: socket, username: 'root', privateKey: key.private });
});
process.stdout.write(`first-command ${Date.now()}\n`);
for (const command of commands) {
  await new Promise((resolve, reject) => {
    client.exec(command, (error, channel) => {
      if (error) return reject(error);
      channel.on('data', (bytes) => process.stdout.write(bytes));
      channel.stderr.on('data', (bytes) => process.stdout.write(bytes));
      channel.on('close', resolve);
    });
  });
}
client.destroy();
await machine.destroy();
process.exit(0);
