// Notes what the machine is after its boot with a virtual clock, in image/boot-state.json: `npm run boot-state`. It is the
// same wherever the same image boots in the same version of the emulator, and a run says so where it is not.
import { writeFile } from 'node:fs/promises';
import { packagePath } from '../src/core/package.ts';
import { bootToState } from '../src/provider/embedded/boot-state.ts';
import { v86Version } from '../src/provider/embedded/v86-version.ts';
import { loadImage } from '../src/provider/image.ts';

const { sha256, mark } = await bootToState(await loadImage(), {
  onConsole: () => undefined,
  limitMs: 300_000,
  signal: new AbortController().signal,
});
await writeFile(
  packagePath('guest/image/boot-state.json'),
  `${JSON.stringify({ v86: v86Version, sha256 }, null, 2)}\n`,
);
process.stdout.write(`${sha256} after ${mark.instructions} instructions\n`);
process.exit(0); // the thread that was made ready for a run
