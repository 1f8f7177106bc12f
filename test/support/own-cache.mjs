// Loaded into each test process: what it keeps for later runs goes into a cache of its own, not into the user's.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'refigure-cache-'));
process.env.REFIGURE_CACHE = folder;
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
