import test, { type ExecutionContext } from 'ava';
import type { OpenGuest } from '../../src/core/guest.ts';
import { checkExpression, evaluateExpression, type Evaluation } from '../../src/claim/expression.ts';
import { observeTopology } from '../../src/claim/observations.ts';
import type { Journal } from '../../src/evidence/journal.ts';
import type { Topology } from '../../src/observation/topology.ts';
import { asksOf, type Asks } from '../../src/run/probes.ts';
import type { Makes } from '../../src/study/schema.ts';
import { ask, bootGuest } from '../provider/booted-guest.ts';
import { runPlan, step } from './run-plan.ts';

/** What the guest's kernel has, asked by the guest's tools, and read by claims. */
let guest: OpenGuest;

test.before(async () => {
  guest = await bootGuest();
});

// eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- the boot may have failed
test.after.always(() => guest?.stop());

test.serial.afterEach.always(async () => {
  await guest.execute('for n in $(ls /run/netns); do ip netns del $n; done; ip link del br0; rm -f /tmp/hidden/*');
});

interface Look {
  readonly journal: Journal;
  readonly topology: Topology;
}

async function look(asks: Asks = [], shell?: string, borrowed: Makes | null = null): Promise<Look> {
  const steps = [step('look', { commands: [], topology: 'seen' })];
  const journal = await runPlan(guest, { name: 'facts', steps, files: [], options: { asks, borrowed } }, shell);
  const observed = observeTopology(journal.commands);
  if (observed.state !== 'topology') throw new Error(JSON.stringify(observed));
  return { journal, topology: observed.topology };
}

const variables = new Map([['seen', 'topology']] as const);

function evaluate(expression: string, topology: Topology): Evaluation {
  const fault = checkExpression(expression, variables);
  if (fault !== null) throw new Error(`${expression}: ${fault}`);
  return evaluateExpression(expression, variables, new Map([['seen', topology]]));
}

function holds(t: ExecutionContext, expression: string, topology: Topology): void {
  const evaluation = evaluate(expression, topology);
  t.true(evaluation.state === 'value' && evaluation.value, expression);
}

const bridged = [
  'ip link add br0 type bridge && ip link set br0 up',
  'for n in red1 blue1; do',
  '  ip netns add $n && ip link add $n-p type veth peer name eth0 netns $n && ip link set $n-p master br0 up',
  'done',
].join('\n');

for (const shell of ['dash', 'bash', 'busybox sh']) {
  test.serial(`${shell}: the VLANs of a bridge's ports, and whether it keeps them apart, are seen`, async (t) => {
    await ask(guest, bridged);
    const flat = await look([], shell);
    holds(t, 'seen.namespaces[0].devices.exists(d, d.name == "br0" && !d.vlanFiltering)', flat.topology);
    await ask(
      guest,
      `ip link set br0 type bridge vlan_filtering 1; bridge vlan del dev red1-p vid 1
       bridge vlan add dev red1-p vid 10 pvid untagged; bridge vlan add dev blue1-p vid 20-29`,
    );
    const { topology } = await look([], shell);
    for (const expression of [
      'seen.namespaces[0].devices.exists(d, d.name == "br0" && d.vlanFiltering)',
      'seen.namespaces[0].devices.exists(d, d.name == "red1-p" && d.vlans.exists(v, v.id == 10 && v.pvid && v.untagged))',
      'seen.namespaces[0].devices.exists(d, d.name == "blue1-p" && d.vlans.exists(v, v.id == 25 && !v.pvid))',
      'seen.namespaces[0].devices.filter(d, d.name == "red1-p")[0].vlans.size() == 1',
      'seen.namespaces.all(n, n.name == null || n.devices.all(d, d.vlans.size() == 0))',
    ]) {
      holds(t, expression, topology);
    }
  });
}

test.serial('whether a namespace forwards is seen, of IPv4 and of IPv6', async (t) => {
  await ask(guest, 'ip netns add a; ip netns add b; ip netns exec a sysctl -w net.ipv4.ip_forward=1');
  await ask(guest, 'ip netns exec b sysctl -w net.ipv6.conf.all.forwarding=1');
  const { topology } = await look();
  holds(t, 'seen.namespaces.exists(n, n.name == "a" && n.forwarding && !n.forwarding6)', topology);
  holds(t, 'seen.namespaces.exists(n, n.name == "b" && !n.forwarding && n.forwarding6)', topology);
});

test.serial('a qdisc that was set is seen, though nothing says that it is to be looked for', async (t) => {
  await ask(guest, 'ip netns add a; ip -n a link add d0 type dummy; ip -n a link set d0 up');
  const before = await look();
  t.is(
    evaluate('seen.namespaces.exists(n, n.name == "a" && n.qdiscs.size() > 0)', before.topology).state,
    'not-observed',
  );
  await ask(guest, 'tc -n a qdisc add dev d0 root netem delay 10ms loss 1%');
  const { topology } = await look();
  const expected = 'q.device == "d0" && q.kind == "netem" && q.options.contains("delay 10ms loss 1%") && !q.isDefault';
  holds(t, `seen.namespaces.exists(n, n.name == "a" && n.qdiscs.exists(q, ${expected}))`, topology);
});

test.serial('chains of nftables and of iptables of old are seen where the study speaks of them', async (t) => {
  await ask(
    guest,
    `ip netns add a; ip netns exec a nft add table inet f
     ip netns exec a nft 'add chain inet f forward { type filter hook forward priority 0; policy drop; }'
     ip netns exec a nft add rule inet f forward ct state established accept
     ip netns exec a iptables -t nat -A POSTROUTING -o lo -j MASQUERADE
     ip netns exec a iptables-legacy -A INPUT -s 10.0.0.0/8 -j DROP`,
  );
  const { topology } = await look(asksOf(['iptables -L']));
  for (const condition of [
    'c.family == "inet" && c.hook == "forward" && c.policy == "drop" && c.rules == ["ct state established accept"]',
    'c.table == "nat" && c.name == "POSTROUTING" && c.rules.size() == 1',
    'c.name == "INPUT" && c.policy == "accept" && c.rules[0] == "-s 10.0.0.0/8 -j DROP"',
  ]) {
    holds(t, `seen.namespaces.exists(n, n.name == "a" && n.chains.exists(c, ${condition}))`, topology);
  }
  holds(t, 'seen.namespaces[0].chains.size() == 0', topology);
  const unasked = evaluate('seen.namespaces[0].chains.size() == 0', (await look()).topology);
  t.like(unasked, { state: 'not-observed', reason: "(root): 'nft list ruleset' was not asked" });
});

test.serial('a tool that the guest lacks is no failure: what it would have told is not known', async (t) => {
  // /usr is read-only; what can't be run is no tool.
  await ask(guest, 'mount --bind /dev/null "$(command -v nft)"');
  try {
    const { topology } = await look(['nft']);
    const evaluation = evaluate('seen.namespaces[0].chains.size() == 0', topology);
    t.is(evaluation.state, 'not-observed');
    t.regex(
      'reason' in evaluation ? evaluation.reason : '',
      /^\(root\): 'nft -s list ruleset' ended with status 12[67]/,
    );
  } finally {
    await ask(guest, 'umount "$(ls /usr/sbin/nft /usr/bin/nft /sbin/nft 2>/dev/null | head -n1)"');
  }
});

test.serial('no key of WireGuard that is secret is in the journal', async (t) => {
  await ask(guest, 'umask 077; mkdir -p /tmp/hidden; cd /tmp/hidden; wg genkey >a; wg genkey >b; wg genpsk >psk');
  await ask(
    guest,
    `ip netns add a; ip -n a link add wg0 type wireguard; cd /tmp/hidden
     ip netns exec a wg set wg0 listen-port 51820 private-key a peer "$(wg pubkey <b)" preshared-key psk endpoint 10.0.0.2:51821 allowed-ips 10.7.0.0/24`,
  );
  const { journal, topology } = await look();
  const printed = journal.commands.map(({ output }) => output.toString()).join('\n');
  const [secret, preshared, known] = await Promise.all([
    ask(guest, 'cat /tmp/hidden/a'),
    ask(guest, 'cat /tmp/hidden/psk'),
    ask(guest, 'wg pubkey </tmp/hidden/b'),
  ]);
  t.true(printed.includes(known));
  t.false(printed.includes(secret));
  t.false(printed.includes(preshared));
  const peer = `p.publicKey == "${known}" && p.endpoint == "10.0.0.2:51821" && p.allowedAddresses == ["10.7.0.0/24"]`;
  const device = `w.device == "wg0" && w.port == 51820 && w.peers.exists(p, ${peer})`;
  holds(t, `seen.namespaces.exists(n, n.name == "a" && n.wireguard.exists(w, ${device}))`, topology);
});

test.serial('where a VXLAN leads is seen', async (t) => {
  await ask(guest, 'ip netns add a; ip -n a link add vx type vxlan id 42 local 10.0.0.1 remote 10.0.0.2 dstport 4789');
  const { topology } = await look();
  const tunnel =
    'd.tunnel.local == "10.0.0.1" && d.tunnel.remote == "10.0.0.2" && d.tunnel.id == 42 && d.tunnel.port == 4789';
  holds(t, `seen.namespaces.exists(n, n.name == "a" && n.devices.exists(d, d.kind == "vxlan" && ${tunnel}))`, topology);
  holds(t, 'seen.namespaces[0].devices.all(d, d.tunnel == null)', topology);
});

test.serial(
  'on a machine of the user’s what the study makes is looked at, and nothing else of the root namespace',
  async (t) => {
    await ask(guest, `${bridged}\nip link set br0 type bridge vlan_filtering 1; bridge vlan add dev red1-p vid 10`);
    await ask(
      guest,
      'tc qdisc add dev red1-p root netem delay 5ms; tc -n red1 qdisc add dev eth0 root netem delay 7ms',
    );
    const makes = { namespaces: ['red1'], devices: ['br0', 'red1-p', 'nosuch'] };
    const { journal, topology } = await look(['vlans', 'qdiscs', 'nft'], undefined, makes);
    holds(t, 'seen.namespaces[0].devices.exists(d, d.name == "red1-p" && d.vlans.exists(v, v.id == 10))', topology);
    holds(t, 'seen.namespaces[0].qdiscs.exists(q, q.device == "red1-p" && q.options.contains("delay 5ms"))', topology);
    holds(t, 'seen.namespaces[0].qdiscs.all(q, q.device in ["lo", "br0", "red1-p"])', topology);
    holds(
      t,
      'seen.namespaces.exists(n, n.name == "red1" && n.qdiscs.exists(q, q.options.contains("delay 7ms")))',
      topology,
    );
    t.is(evaluate('seen.namespaces[0].forwarding', topology).state, 'not-observed');
    t.is(evaluate('seen.namespaces[0].chains.size() == 0', topology).state, 'not-observed');
    t.false(journal.commands.some(({ output }) => output.includes('blue1-p')));
  },
);
