import test from 'ava';
import { GuestError } from '../../src/core/errors.ts';
import { SilenceWatch } from '../../src/provider/sealed/silence-watch.ts';

test('a guest is silent from the first look on after the one that heard it', (t) => {
  const watch = new SilenceWatch(1000);
  t.notThrows(() => {
    watch.look(0, false);
    watch.look(1000, false);
    watch.look(9000, true);
    watch.look(20_000, false);
    watch.look(21_000, false);
  });
  t.throws(
    () => {
      watch.look(21_001, false);
    },
    { instanceOf: GuestError, message: 'The guest printed nothing for 1 s of its own time.' },
  );
});
