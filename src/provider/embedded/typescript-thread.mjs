// From a checkout, without a build: Node 20 does not carry tsx's loader into a worker thread (it fails with
// 'unknown file extension .ts'), so the thread registers it itself before it loads the TypeScript module.
import { withOwnCache } from '../../core/own-compiler-cache.mjs';

// The time source is loaded before v86; and v86 without the loader, through which its 400 kB would be compiled again, for a
// quarter of a second.
const { register } = await withOwnCache(() => import('tsx/esm/api'));
const unregister = await withOwnCache(() => register());
await import('./time-source.ts');
await unregister();
await import('v86');
await withOwnCache(() => register());
await import('./machine-thread.ts');
