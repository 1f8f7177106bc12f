// From a checkout, without a build: tsx keeps what it compiles in a folder of the system's temporary one, by a name that
// anybody can guess, and takes what is there for its own. Where that folder is shared, another user who makes it first has
// us run their code. So it gets a folder of the checkout, which is as much to be trusted as the checkout itself; where none
// can be made it keeps nothing.
import { accessSync, constants, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../node_modules/.cache/refigure', import.meta.url));

/** Loads tsx, or a part of it, which looks for its folder in that moment; the thread of its loader keeps this environment. */
export async function withOwnCache(load) {
  const { TMPDIR } = process.env;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
    process.env.TMPDIR = folder;
  } catch {
    process.env.TSX_DISABLE_CACHE = '1';
  }
  try {
    return await load();
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
  }
}
