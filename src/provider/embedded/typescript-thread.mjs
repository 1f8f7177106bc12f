// From a checkout, without a build: Node 20 does not carry tsx's loader into a worker thread (it fails with
// 'unknown file extension .ts'), so the thread registers it itself before it loads the TypeScript module.
import { register } from 'tsx/esm/api';

register();
await import('./machine-thread.ts');
