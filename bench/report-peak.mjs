// Preloaded into every Node process that is measured: each writes its peak memory (KiB, ru_maxrss) to a file as it ends,
// unless one before it (npm starts another) had more.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const file = process.env.REFIGURE_BENCH_PEAK_FILE;
if (isMainThread && file !== undefined) {
  process.on('exit', () => {
    const before = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
    writeFileSync(file, String(Math.max(before, process.resourceUsage().maxRSS)));
  });
}
