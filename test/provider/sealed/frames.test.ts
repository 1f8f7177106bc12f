import test from 'ava';
import { FrameReader } from '../../../src/provider/sealed/frames.ts';

function read(pieces: readonly (readonly number[])[]): [number, number[]][] {
  const frames: [number, number[]][] = [];
  const reader = new FrameReader(({ channel, bytes }) => frames.push([channel, [...bytes]]));
  for (const piece of pieces) reader.push(Uint8Array.from(piece));
  return frames;
}

/** What each channel has got, however it was cut. */
function joined(pieces: readonly (readonly number[])[]): ReadonlyMap<number, number[]> {
  const channels = new Map<number, number[]>();
  for (const [channel, bytes] of read(pieces)) channels.set(channel, [...(channels.get(channel) ?? []), ...bytes]);
  return channels;
}

const stream = [1, 0, 2, 0, 0x68, 0x69, 0x2c, 0x01, 3, 0, 1, 2, 3, 2, 0, 0, 0, 1, 0, 1, 0, 0xff];

test('a frame has its channel and its bytes, the low byte of a number first; an empty one is nothing', (t) => {
  t.deepEqual(read([stream]), [
    [1, [0x68, 0x69]],
    [300, [1, 2, 3]],
    [1, [0xff]],
  ]);
});

test('wherever the port cuts them, each channel gets the same', (t) => {
  const whole = joined([stream]);
  for (let at = 0; at <= stream.length; at += 1) t.deepEqual(joined([stream.slice(0, at), stream.slice(at)]), whole);
  t.deepEqual(joined(stream.map((byte) => [byte])), whole);
});

test('what of a frame has come is handed out before its end', (t) => {
  t.deepEqual(read([[1, 0, 3, 0, 7]]), [[1, [7]]]);
  t.deepEqual(read([[1, 0, 3]]), []);
});
