/** Makes journals as journal.sh writes them, for what real ones don't hold on demand. */
export const nonce = 'fedcba9876543210fedcba98';

export interface Written {
  /** Which command of its step it is; `c1`, `c2` … where none is given. */
  readonly id?: string;
  /** The namespace that a probe looks into. */
  readonly subject?: string;
  readonly text: string;
  readonly output: string | Buffer;
  readonly errorOutput?: string | Buffer;
  readonly status?: number;
  readonly how?: 'exited' | 'limit' | 'left';
  /** In s of uptime, to 10 ms; a second after the command before it, and half a second later, where none is given. */
  readonly startS?: number;
  readonly endS?: number;
  /** What follows its end, and belongs to no command. */
  readonly stray?: string;
}

/** By step, in order: its commands. A step is of the study, unless its key says more: `look topology`, `facts facts`. */
export function journalOf(steps: Readonly<Record<string, readonly Written[]>>): Buffer {
  const pieces: (string | Buffer)[] = [`refigure-journal 2 ${nonce}\n`];
  let marks = 0;
  let commands = 0;
  const mark = (content: string): void => {
    marks++;
    pieces.push(`\n#${nonce} ${marks} ${content}\n`);
  };
  mark('clock 1700000000 10.00');
  for (const [key, list] of Object.entries(steps)) {
    const [step = '', purpose = 'study'] = key.split(' ');
    mark(`step ${step} ${purpose}`);
    for (const [index, written] of list.entries()) {
      const {
        id = `c${index + 1}`,
        subject,
        text,
        output,
        errorOutput,
        status = 0,
        how = 'exited',
        stray = '',
        ...times
      } = written;
      commands++;
      const { startS = 10 + commands, endS = startS + 0.5 } = times;
      mark(['command', commands, id, subject].filter((field) => field !== undefined).join(' '));
      pieces.push(text);
      mark(`run ${commands} ${startS.toFixed(2)}`);
      pieces.push(output);
      if (errorOutput !== undefined) {
        mark(`stderr ${commands}`);
        pieces.push(errorOutput);
      }
      mark(`end ${commands} ${endS.toFixed(2)} ${status} ${how}`);
      pieces.push(stray);
    }
    // A shell ends as its last command did.
    mark(`step-end ${step} ${list.at(-1)?.status ?? 0}`);
  }
  mark('done 99.00');
  return Buffer.concat(pieces.map((piece) => Buffer.from(piece)));
}

/** Holds what is easily confused: marks with old numbers, halves of marks, NUL, invalid UTF-8, newlines at the edges. */
export const awkwardJournal = journalOf({
  one: [
    { text: 'echo one', output: 'one\n' },
    { text: 'true', output: '' },
    { text: "echo 'two\nlines'\n# é", output: 'no newline', status: 1 },
    {
      text: 'cat journal',
      output: `refigure-journal 2 ${nonce}\n\n#${nonce} 1 clock 1 1.00\n\n#${nonce} 3 end 1 1.00 0 exited\n`,
    },
    { text: 'halves', output: `\n#${nonce}\n#${nonce} \n#${nonce.slice(0, 9)}\n\n##${nonce} 7\n#`, stray: 'late\n' },
  ],
  two: [
    { text: 'bytes', output: Buffer.from([0, 255, 254, 10, 0, 13, 10, 10]) },
    { text: 'apart', output: 'out\n', errorOutput: 'err', status: 255, stray: '\n' },
    { text: 'apart and empty', output: '\n\n', errorOutput: '' },
    { text: 'long', output: `#${nonce} ${'9'.repeat(600)} end 1\n` },
  ],
});
