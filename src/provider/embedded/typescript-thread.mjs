// From a checkout, without a build: Node 20 does not carry tsx's loader into a worker thread (it fails with
// 'unknown file extension .ts'), so the thread registers it itself before it loads the TypeScript module.
import { register } from 'tsx/esm/api';

// v86 first: through the loader its 400 kB would be compiled again, which takes a quarter of a second.
await import('v86');
register();
await import('./machine-thread.ts');
