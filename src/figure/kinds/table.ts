/** The kinds of figures, one line each, under their own names. */
export { loss } from './loss.ts';
export { routeTable } from './route-table.ts';
export { rtt } from './rtt.ts';
export { strip } from './strip.ts';
export { terminal } from './terminal.ts';
export { time } from './time.ts';
export { topology } from './topology.ts';
