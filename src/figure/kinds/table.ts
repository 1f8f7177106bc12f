/** The kinds of figures, one line each, under their own names. */
export { bars } from './bars.ts';
export { box } from './box.ts';
export { cdf } from './cdf.ts';
export { loss } from './loss.ts';
export { messages } from './messages.ts';
export { points } from './points.ts';
export { routeTable } from './route-table.ts';
export { rtt } from './rtt.ts';
export { series } from './series.ts';
export { strip } from './strip.ts';
export { table } from './measure-table.ts';
export { terminal } from './terminal.ts';
export { time } from './time.ts';
export { topology } from './topology.ts';
