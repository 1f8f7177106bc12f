import test from 'ava';
import { Multiplexer } from '../../src/reporter/multiplexer.ts';
import type { Reporter } from '../../src/reporter/reporter.ts';
import { collectedContext, told, wholeRun } from './recorded-events.ts';

const events = told(...wholeRun);

/** Notes the kinds that it hears. */
function listener(): Reporter & { readonly heard: string[] } {
  const heard: string[] = [];
  return {
    heard,
    hear({ kind }): void {
      heard.push(kind);
    },
  };
}

const failing: Record<string, Reporter> = {
  throws: {
    hear() {
      throw new Error('it broke');
    },
  },
  rejects: { hear: () => Promise.reject(new Error('it broke')) },
};

for (const [what, broken] of Object.entries(failing)) {
  test(`a reporter that ${what} is taken out and told of once; the others hear everything`, async (t) => {
    const { stderr } = collectedContext();
    const [before, after] = [listener(), listener()];
    const reporters = new Multiplexer(new Map(Object.entries({ before, broken, after })), stderr);
    for (const event of events) {
      t.notThrows(() => {
        reporters.hear(event);
      });
      await reporters.settled();
    }
    await reporters.close();
    const all = events.map(({ kind }) => kind);
    t.deepEqual([before.heard, after.heard], [all, all]);
    t.is(stderr.text, "The reporter 'broken' failed, and tells nothing more: it broke\n");
  });
}

test('a reporter that fails when it is closed harms nobody', async (t) => {
  const { stderr } = collectedContext();
  let closed = false;
  const other: Reporter = {
    hear: () => undefined,
    close: () => {
      closed = true;
      return Promise.resolve();
    },
  };
  const broken: Reporter = { hear: () => undefined, close: () => Promise.reject(new Error('no paper')) };
  await new Multiplexer(new Map(Object.entries({ broken, other })), stderr).close();
  t.true(closed);
  t.is(stderr.text, "The reporter 'broken' failed, and tells nothing more: no paper\n");
});

test('a reporter that is never done is not waited for', async (t) => {
  const { stderr } = collectedContext();
  const stuck: Reporter = { hear: () => new Promise(() => undefined) };
  const reporters = new Multiplexer(new Map([['stuck', stuck]]), stderr);
  for (const event of events) reporters.hear(event);
  await reporters.close(1);
  t.is(stderr.text, "The reporter 'stuck' failed, and tells nothing more: it was not done within 0.001 s\n");
});

test('what a reporter has yet to show is waited for', async (t) => {
  const shown: string[] = [];
  const slow: Reporter = {
    hear: ({ kind }) => new Promise((resolve) => setImmediate(resolve)).then(() => void shown.push(kind)),
  };
  const reporters = new Multiplexer(new Map([['slow', slow]]), collectedContext().stderr);
  for (const event of events) reporters.hear(event);
  await reporters.settled();
  t.is(shown.length, events.length);
});
