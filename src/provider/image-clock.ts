/**
 * The last moment at which a machine of our image is started, in ms since 1970. Its programs hold a time in 32 bits, which end
 * on 19 January 2038: later than that they cannot look at a file that was just made, so that the image finds no network
 * card. A run has 18 days until then.
 */
export const latestStartMs = Date.UTC(2038, 0, 1);

/** What the clock of a machine is set to that is started now, in ms since 1970: the host's time, as far as the image can hold it. */
export function startDateMs(hostMs: number): number {
  return Math.min(hostMs, latestStartMs);
}

export const lateClockNote =
  "this computer's clock is later than the image can tell, so the guest's clock begins at 2038-01-01";
