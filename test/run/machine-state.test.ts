import test from 'ava';
import { differences, readMachineState } from '../../src/run/machine-state.ts';

/** As iproute2 6.1 prints it, behind the names that borrowed-machine.sh puts before it. */
const printed = `there|namespace ns0
there|device tap0
netns|mount
link|1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN mode DEFAULT group default qlen 1000\\    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
address|2: eth0    inet 192.0.2.7/24 brd 192.0.2.255 scope global dynamic noprefixroute eth0\\       valid_lft 86112sec preferred_lft 75312sec
address|2: eth0    inet6 2001:db8::7/64 scope global dynamic mngtmpaddr noprefixroute \\       valid_lft 2591929sec preferred_lft 604729sec
address|2: eth0    inet6 fe80::7/64 scope link tentative \\       valid_lft forever preferred_lft forever
route|default via 192.0.2.1 dev eth0 proto dhcp src 192.0.2.7 metric 100 
route|2001:db8::/64 dev eth0 proto ra metric 100 expires 2591929sec pref medium
rule|0:	from all lookup local
namespace|ns0 (id: 0)
namespace|other
process|123
folder|/tmp/refigure-abc
said|Cannot find device "tap0"
done|
`;

test('what a machine has is read; what changes by itself is left out', (t) => {
  const state = readMachineState(printed);
  t.deepEqual(state?.there, ['namespace ns0', 'device tap0']);
  t.deepEqual(state?.left, ['process 123', 'folder /tmp/refigure-abc']);
  t.deepEqual(state?.said, ['Cannot find device "tap0"']);
  t.is(state?.netns, 'mount');
  const later = printed
    .replaceAll('86112sec', '86000sec')
    .replaceAll('75312sec', '75200sec')
    .replaceAll('2591929sec', '2591000sec')
    .replaceAll('604729sec', '604000sec')
    .replace(' tentative', '')
    .replace(' (id: 0)', '');
  t.not(later, printed);
  t.deepEqual(differences(state?.state ?? [], readMachineState(later)?.state ?? []), []);
});

test('an address, a route, a link, a rule or a namespace that is gone or new is told', (t) => {
  const before = readMachineState(printed)?.state ?? [];
  const after = readMachineState(
    printed
      .replace('192.0.2.7/24', '192.0.2.8/24')
      .replace(/^route\|default.*\n/m, '')
      .replace('mtu 65536', 'mtu 1500')
      .replace('namespace|other\n', 'namespace|other\nnamespace|more\n'),
  )?.state;
  t.deepEqual(
    differences(before, after ?? []).map((line) => line.split(' ').slice(0, 4).join(' ')),
    [
      'gone: link: 1: lo:',
      'gone: address: 2: eth0',
      'gone: route: default via',
      'new: link: 1: lo:',
      'new: address: 2: eth0',
      'new: namespace: more',
    ],
  );
});

test('the order of lines counts for nothing, and how often one comes does', (t) => {
  t.deepEqual(differences(['a', 'b'], ['b', 'a']), []);
  t.deepEqual(differences(['a', 'a'], ['a']), ['gone: a']);
  t.deepEqual(differences(['a'], ['a', 'a']), ['new: a']);
});

test('what was cut off is no state', (t) => {
  t.is(readMachineState(''), null);
  t.is(readMachineState(printed.slice(0, -7)), null);
});
