/** Drawn on a square of 16; each has a shape of its own, for colour alone tells nothing. */
const paths: Readonly<Record<string, string>> = {
  upheld: 'M3 8.5l3.4 3.4L13 5',
  refuted: 'M4 4l8 8M12 4l-8 8',
  undecided: 'M5.5 6a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.8-1.1 1.6M8 12.4v.1',
  skipped: 'M4 4l5 4-5 4M11.5 4v8',
  same: 'M3.5 6h9M3.5 10h9',
  equivalent: 'M3 6.5c2-2.2 3.6-1.6 5-.6s3 1.6 5-.6M3 10.8c2-2.2 3.6-1.6 5-.6s3 1.6 5-.6',
  'not compared': 'M4 8h8',
  different: 'M3.5 6h9M3.5 10h9M10.5 3l-5 10',
};

/** The picture of a verdict; its word stands beside it, or in the label of what holds it. */
export function icon(name: string): string {
  const path = paths[name];
  if (path === undefined) throw new Error(`there is no icon '${name}'`);
  return `<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d="${path}"/></svg>`;
}
