import test, { type ExecutionContext } from 'ava';
import type { Arrival } from '../../src/evidence/arrivals.ts';
import type { RecordedCommand } from '../../src/evidence/journal.ts';
import { GuestTime } from '../../src/recording/guest-time.ts';

/** Ten bytes of output each; they begin at byte 100 · `number` of the journal. */
function commandAt(number: number, startS: number, endS: number | null): RecordedCommand {
  return {
    number,
    step: 'one',
    purpose: 'study',
    id: `c${number}`,
    subject: null,
    text: 'true',
    output: Buffer.from('0123456789'),
    errorOutput: null,
    rest: null,
    errorRest: null,
    outputAt: 100 * number,
    startS,
    background: null,
    end: endS === null ? null : { uptimeS: endS, status: 0, how: 'exited' },
  };
}

function expectPieces(
  t: ExecutionContext,
  commands: readonly RecordedCommand[],
  arrivals: readonly Arrival[],
  expected: readonly (readonly [uptimeS: number, bytes: string])[],
): void {
  const last = commands.at(-1);
  if (last === undefined) return t.fail('there is no command');
  const pieces = new GuestTime(commands, arrivals).pieces(last, last.output.length);
  t.deepEqual(
    pieces.map(({ uptimeS, bytes }) => [Number(uptimeS.toFixed(3)), bytes.toString()]),
    expected.map(([uptimeS, bytes]) => [uptimeS, bytes]),
  );
}

test('output is as far from the start of its command as its arrival is from that of the start', (t) => {
  expectPieces(
    t,
    [commandAt(1, 50, 60)],
    [
      { offset: 0, ms: 2000 },
      { offset: 103, ms: 3000 },
      { offset: 107, ms: 4500 },
    ],
    [
      [50, '012'],
      [51, '3456'],
      [52.5, '789'],
    ],
  );
});

test('no output comes before its command began or after it ended', (t) => {
  const arrivals = [
    { offset: 0, ms: 2000 },
    { offset: 101, ms: 3000 },
    { offset: 105, ms: 60_000 },
  ];
  const pieces = [
    [50, '0'],
    [51, '1234'],
    [51.2, '56789'],
  ] as const;
  expectPieces(t, [commandAt(1, 50, 51.2)], arrivals, pieces);
  // By the command before it word of the start was 5 s late, and what arrived with it came before that.
  const before = [
    { offset: 0, ms: 1000 },
    { offset: 150, ms: 7000 },
  ];
  expectPieces(t, [commandAt(1, 50, 50.1), commandAt(2, 50.5, 51)], before, [[51, '0123456789']]);
});

test('a burst after a connection was made again is at the end of its command, and what follows is on time', (t) => {
  const commands = [commandAt(1, 50, 52), commandAt(2, 52, 62)];
  // Lost right after the first command began, made again 5 s later; the second had begun 3 s before that.
  const arrivals = [
    { offset: 0, ms: 1000 },
    { offset: 100, ms: 6000 },
    { offset: 205, ms: 9000 },
  ];
  expectPieces(t, commands.slice(0, 1), arrivals, [[52, '0123456789']]);
  // The clocks may have gone apart by a tenth of 2 s meanwhile.
  expectPieces(t, commands, arrivals, [
    [54.8, '01234'],
    [57.8, '56789'],
  ]);
});

test('a guest that loses time is followed from command to command', (t) => {
  const commands = Array.from({ length: 20 }, (_, index) => commandAt(index + 1, 50 + index * 2, 51 + index * 2));
  // 2.1 s pass for the host while 2 s pass for the guest.
  const arrivals = commands.flatMap(({ outputAt }, index) => [
    { offset: outputAt - 20, ms: index * 2100 },
    { offset: outputAt + 5, ms: index * 2100 + 500 },
  ]);
  expectPieces(t, commands, arrivals, [
    [88, '01234'],
    [88.5, '56789'],
  ]);
});

test('where arrivals were not noted, all is there when the command ends', (t) => {
  expectPieces(t, [commandAt(1, 50, 60)], [], [[60, '0123456789']]);
  expectPieces(t, [commandAt(1, 50, null)], [], [[50, '0123456789']]);
});

test('a command that was cut off has its output as it arrived', (t) => {
  const arrivals = [
    { offset: 0, ms: 0 },
    { offset: 102, ms: 90_000 },
  ];
  expectPieces(t, [commandAt(1, 50, null)], arrivals, [
    [50, '01'],
    [140, '23456789'],
  ]);
});
