import test from 'ava';
import { compareTexts, type LineComparison } from '../../src/comparison/lines.ts';
import { packagePath } from '../../src/core/package.ts';
import { loadStudy } from '../../src/study/load.ts';
import { capture } from '../observation/captures.ts';

/*
 * The figures of the study that ships, beside what CentOS 7's own versions of the tools printed (iproute2 4.11), and Debian
 * 12's: cut from two logs of the paper's experiment, see fixtures/observation/README.md.
 */

async function compare(figure: string, output: string, text: string): Promise<LineComparison> {
  const { study } = await loadStudy(packagePath('experiments/veth-pair'));
  const shows = study.figures.find(({ id }) => id === figure)?.shows;
  return compareTexts(shows?.outputs?.[output] ?? '', text, shows?.masks ?? []);
}

for (const version of ['4.11', '6.1.0']) {
  test(`iproute2 ${version}: neighbours, with two blanks for an address that is missing, are as figure 2.2-6 has them`, async (t) => {
    const { state, masks, differences } = await compare(
      '2.2-6',
      'ns0_neighbours',
      capture(`iproute2-${version}/lab-neigh.txt`),
    );
    t.deepEqual([state, differences], ['equivalent', []]);
    t.true(masks.some(({ mask }) => mask === 'kernel-wording'));
  });

  test(`iproute2 ${version}: a tap is as figure 3 has it, before and after the kernel noted that it has no carrier`, async (t) => {
    const text = capture(`iproute2-${version}/lab-address-tap.txt`);
    const { state, masks, differences } = await compare('3', 'ns1_address', text);
    t.deepEqual([state, differences], ['equivalent', []]);
    const isUnsettled = /tap1: <BROADCAST,MULTICAST,UP> .* state UNKNOWN/.test(text);
    t.is(isUnsettled, version === '4.11');
    t.is(
      masks.some(({ mask }) => mask === 'unsettled-carrier'),
      isUnsettled,
    );
  });
}

test('runs of blanks are one; a device that is another, and an indent, are not hidden', async (t) => {
  const text = capture('iproute2-4.11/lab-neigh.txt');
  t.is((await compare('2.2-6', 'ns0_neighbours', text.replace('tap0  FAILED', 'tap1  FAILED'))).state, 'different');
  t.is(compareTexts('a  b\n', 'a b\n', ['kernel-wording']).state, 'equivalent');
  t.is(compareTexts('a \t b \n', 'a b\n', ['kernel-wording']).state, 'equivalent');
  t.is(compareTexts('a  b\n', 'a b\n', []).state, 'different');
  t.is(compareTexts('    a b\n', '  a b\n', ['kernel-wording']).state, 'different');
  t.is(compareTexts('ab\n', 'a b\n', ['kernel-wording']).state, 'different');
});

test('a line of blanks between words, however long, takes a time that grows with it', (t) => {
  const blanks = ' '.repeat(1_000_000);
  t.is(compareTexts(`a${blanks}b\n`, 'a b\n', ['kernel-wording']).state, 'equivalent');
  t.is(compareTexts(`a${blanks}\n`, 'a\n', ['kernel-wording']).state, 'equivalent');
});
