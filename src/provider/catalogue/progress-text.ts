/** How far a download is: `450 of 895 MB (50 %)`. `wholeBytes` null: not known. */
export function howFar(bytes: number, wholeBytes: number | null): string {
  const megabytes = (amount: number): string => (amount / 1e6).toFixed(amount < 10e6 ? 1 : 0);
  if (wholeBytes === null) return `${megabytes(bytes)} MB`;
  return `${megabytes(bytes)} of ${megabytes(wholeBytes)} MB (${Math.floor((100 * bytes) / wholeBytes)} %)`;
}

/** Why a download was given up that stood still at so many bytes. */
export function stoodStill(ms: number, bytes: number): string {
  return `nothing came for ${Math.round(ms / 1000)} s, after ${(bytes / 1e6).toFixed(1)} MB`;
}
