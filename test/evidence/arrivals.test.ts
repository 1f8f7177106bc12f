import test from 'ava';
import { arrivalIndex, arrivalLine, arrivalsHeader, readArrivals } from '../../src/evidence/arrivals.ts';

const three = [
  { offset: 0, ms: 12 },
  { offset: 96, ms: 12 },
  { offset: 4000, ms: 86_400_000 },
];

test('what was written is read back', (t) => {
  t.deepEqual(readArrivals(arrivalsHeader + three.map(arrivalLine).join('')), three);
});

test('a last line that was cut off is left out, for its number may lack digits', (t) => {
  const text = arrivalsHeader + three.map(arrivalLine).join('');
  for (const cut of [1, 3, 8]) t.deepEqual(readArrivals(text.slice(0, -cut)), three.slice(0, 2));
});

test('a line that goes back, or is none, is left out', (t) => {
  const text = `${arrivalsHeader}5 10\n5 11\n4 12\n6 9\n\nx 1\n7 1e9\n-1 20\n8 ${'9'.repeat(400)}\n9 13\n`;
  t.deepEqual(readArrivals(text), [
    { offset: 5, ms: 10 },
    { offset: 9, ms: 13 },
  ]);
});

test('a file of another format tells nothing', (t) => {
  for (const text of ['', '5 10\n', 'refigure-arrivals 2\n5 10\n', 'refigure-arrivals 1']) {
    t.deepEqual(readArrivals(text), []);
  }
});

test('of every byte the line is found that tells of it', (t) => {
  for (const [offset, index] of [
    [-1, -1],
    [0, 0],
    [95, 0],
    [96, 1],
    [3999, 1],
    [4000, 2],
    [1e9, 2],
  ] as const) {
    t.is(arrivalIndex(three, offset), index, String(offset));
  }
  t.is(arrivalIndex([], 5), -1);
});
