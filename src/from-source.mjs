// Loaded before the first TypeScript module of a checkout, in place of tsx itself: `node --import ./src/from-source.mjs`.
import { withOwnCache } from './core/own-compiler-cache.mjs';

await withOwnCache(() => import('tsx'));
