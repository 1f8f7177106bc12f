// From a checkout, without a build: Node 20 does not carry tsx's loader into a worker thread (it fails with
// 'unknown file extension .ts'), so the thread registers it itself before it loads the TypeScript module.
import { register } from 'tsx/esm/api';

// The time source is loaded before v86; and v86 without the loader, through which its 400 kB would be compiled again, for a
// quarter of a second.
const unregister = register();
await import('./time-source.ts');
await unregister();
await import('v86');
register();
await import('./machine-thread.ts');
