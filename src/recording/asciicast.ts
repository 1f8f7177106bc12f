/** Bytes that a terminal got at a time, in s since the recording began. */
export interface ScreenEvent {
  readonly atS: number;
  readonly text: string;
}

export interface Screen {
  readonly columns: number;
  readonly rows: number;
  readonly title: string;
  /** s since 1970 at time 0; null where it is not known. */
  readonly epochS: number | null;
}

/**
 * An asciicast v2 file (https://docs.asciinema.org/manual/asciicast/v2/): a header, then one output event a line. Times
 * are to the ms and never go back, whatever `atS` says: a command can forge the marks of the journal.
 */
export function asciicast({ columns, rows, title, epochS }: Screen, events: readonly ScreenEvent[]): string {
  const header = {
    version: 2,
    width: columns,
    height: rows,
    ...(epochS === null ? {} : { timestamp: epochS }),
    title,
    env: { TERM: 'xterm-256color' },
  };
  let lastS = 0;
  const lines = events.map(({ atS, text }) => {
    if (Number.isFinite(atS)) lastS = Math.max(lastS, Number(atS.toFixed(3)));
    return JSON.stringify([lastS, 'o', text]);
  });
  return [JSON.stringify(header), ...lines, ''].join('\n');
}
