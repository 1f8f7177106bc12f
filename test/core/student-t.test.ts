import test from 'ava';
import { studentT975 } from '../../src/core/student-t.ts';

// What R’s qt(0.975, degrees) is.
for (const [degrees, value] of [
  [1, 12.706205],
  [2, 4.302653],
  [10, 2.228139],
  [30, 2.042272],
  [31, 2.039513],
  [100, 1.983972],
  [1000, 1.962339],
] as const) {
  test(`Student’s t of ${degrees} degrees of freedom is what R has`, (t) => {
    t.true(Math.abs(studentT975(degrees) - value) < 5e-6);
  });
}

test('it falls towards that of the normal distribution, also where the table ends', (t) => {
  const values = Array.from({ length: 100 }, (_, index) => studentT975(index + 1));
  t.deepEqual(
    values,
    values.toSorted((a, b) => b - a),
  );
  t.true(Math.abs(studentT975(1e9) - 1.95996) < 1e-5);
});

test('no degrees of freedom are refused', (t) => {
  for (const degrees of [0, -1, 1.5, NaN]) t.throws(() => studentT975(degrees), { instanceOf: RangeError });
});
