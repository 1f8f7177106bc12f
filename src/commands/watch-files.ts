import { watch, type FSWatcher } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** An editor writes a file in several goes. */
const settleMs = 100;

/** Hears of changes in the folders of files: editors put new files in the place of old ones. */
export class WatchedFolders {
  readonly #watchers = new Map<string, FSWatcher>();
  #changed = false;
  #wake: () => void = () => undefined;

  /** Watches the folders of these files, and no others any more. A folder that cannot be watched is left out. */
  watch(files: readonly string[]): void {
    const wanted = new Set(files.map((file) => dirname(file)));
    for (const [folder, watcher] of this.#watchers) {
      if (wanted.has(folder)) continue;
      watcher.close();
      this.#watchers.delete(folder);
    }
    for (const folder of wanted) {
      if (!this.#watchers.has(folder)) this.#add(folder);
    }
  }

  /** Resolves when something has changed since the last call, and nothing more does. */
  async next(): Promise<void> {
    if (!this.#changed) await new Promise<void>((resolve) => (this.#wake = resolve));
    while (this.#changed) {
      this.#changed = false;
      await sleep(settleMs);
    }
  }

  close(): void {
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #add(folder: string): void {
    try {
      const watcher = watch(folder, () => {
        this.#changed = true;
        this.#wake();
      });
      watcher.on('error', () => {
        watcher.close();
        this.#watchers.delete(folder);
      });
      this.#watchers.set(folder, watcher);
    } catch {
      // It is gone just now; the study says so when it is read.
    }
  }
}
