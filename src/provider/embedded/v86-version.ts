import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

export const v86Version = (require('v86/package.json') as { version: string }).version;
