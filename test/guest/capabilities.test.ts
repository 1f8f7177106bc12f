import { once } from 'node:events';
import test from 'ava';
import ssh2 from 'ssh2';
import type { OpenGuest } from '../../src/core/guest.ts';
import { ask, bootGuest, entranceOf } from '../provider/booted-guest.ts';
import { runPlan, step } from './run-plan.ts';

let guest: OpenGuest;

test.before(async () => {
  guest = await bootGuest();
});

// eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- the boot may have failed
test.after.always(() => guest?.stop());

/** Each in a network namespace that goes again, so that no test sees another's devices. */
const devices: Record<string, { readonly add: string; readonly kind: RegExp }> = {
  veth: { add: 'ip link add x0 type veth peer name x1', kind: /^\s+veth /m },
  tap: { add: 'ip tuntap add dev x0 mode tap', kind: /^\s+tun type tap /m },
  tun: { add: 'ip tuntap add dev x0 mode tun', kind: /^\s+tun type tun /m },
  bridge: {
    add: 'ip link add x0 type bridge; ip link add x1 type dummy; ip link set x1 master x0',
    kind: /^\s+bridge /m,
  },
  vlan: { add: 'ip link add x1 up type dummy; ip link add link x1 name x0 type vlan id 7', kind: /^\s+vlan .* id 7 /m },
  macvlan: {
    add: 'ip link add x1 type dummy; ip link add link x1 name x0 type macvlan mode bridge',
    kind: /^\s+macvlan /m,
  },
  ipvlan: { add: 'ip link add x1 type dummy; ip link add link x1 name x0 type ipvlan mode l2', kind: /^\s+ipvlan /m },
  dummy: { add: 'ip link add x0 type dummy', kind: /^\s+dummy /m },
  wireguard: {
    add: 'ip link add x0 type wireguard; wg genkey > /tmp/wg; wg set x0 private-key /tmp/wg listen-port 51820',
    kind: /^\s+wireguard /m,
  },
  vxlan: {
    add: 'ip link add x1 type dummy; ip link add x0 type vxlan id 7 dev x1 dstport 4789',
    kind: /^\s+vxlan id 7 /m,
  },
  bond: { add: 'ip link add x0 type bond mode active-backup', kind: /^\s+bond /m },
  vrf: { add: 'ip link add x0 type vrf table 10', kind: /^\s+vrf table 10/m },
  ifb: { add: 'ip link add x0 type ifb', kind: /^\s+ifb /m },
};

/** Runs within a namespace made for it; the status is that of the last line. */
function within(namespace: string, commands: string): Promise<string> {
  const script = `set -e; ip netns add ${namespace}; trap 'ip netns del ${namespace}' EXIT`;
  return ask(guest, `${script}; ip netns exec ${namespace} sh -e -c '${commands}'`);
}

for (const [kind, { add, kind: shown }] of Object.entries(devices)) {
  test.serial(`a device of kind ${kind} can be made, started, and is shown as one`, async (t) => {
    t.regex(await within(kind, `${add}; ip link set x0 up; ip -d link show x0`), shown);
  });
}

test.serial('a namespace that was just made holds lo and nothing else', async (t) => {
  t.regex(await within('fresh', 'ip -o link'), /^1: lo: [^\n]*$/);
});

test.serial('nft loads filter and nat rules, and a rule that drops is obeyed', async (t) => {
  const listing = await within(
    'nft',
    `ip link set lo up; ping -c 1 -W 1 127.0.0.1 > /dev/null;
     nft add table inet f;
     nft "add chain inet f in { type filter hook input priority 0; policy accept; }";
     nft add rule inet f in icmp type echo-request counter drop;
     nft add table ip n;
     nft "add chain ip n post { type nat hook postrouting priority 100; }";
     nft add rule ip n post ip saddr 10.0.0.0/8 masquerade;
     nft "add chain ip n pre { type nat hook prerouting priority -100; }";
     nft add rule ip n pre tcp dport 8080 dnat to 10.0.0.2:80;
     ! ping -c 1 -W 1 127.0.0.1 > /dev/null;
     nft list ruleset`,
  );
  t.regex(listing, /icmp type echo-request counter packets 1 bytes 84 drop/);
  t.regex(listing, /ip saddr 10\.0\.0\.0\/8 masquerade/);
  t.regex(listing, /tcp dport 8080 dnat to 10\.0\.0\.2:80/);
});

for (const [iptables, tables] of [
  ['iptables', '-S; iptables -t nat -S'],
  ['iptables-legacy', '-S; iptables-legacy -t nat -S'],
] as const) {
  test.serial(`${iptables} loads filter and nat rules, and a rule that drops is obeyed`, async (t) => {
    const listing = await within(
      'tables',
      `ip link set lo up; ping -c 1 -W 1 127.0.0.1 > /dev/null;
       ${iptables} -A INPUT -p icmp --icmp-type echo-request -j DROP;
       ${iptables} -A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT;
       ${iptables} -t nat -A POSTROUTING -s 10.0.0.0/8 -j MASQUERADE;
       ${iptables} -t nat -A PREROUTING -p tcp --dport 8080 -j DNAT --to-destination 10.0.0.2:80;
       ! ping -c 1 -W 1 127.0.0.1 > /dev/null;
       ${iptables} ${tables}`,
    );
    t.regex(listing, /^-A INPUT -p icmp -m icmp --icmp-type 8 -j DROP$/m);
    t.regex(listing, /^-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT$/m);
    t.regex(listing, /^-A POSTROUTING -s 10\.0\.0\.0\/8 -j MASQUERADE$/m);
    t.regex(listing, /^-A PREROUTING -p tcp -m tcp --dport 8080 -j DNAT --to-destination 10\.0\.0\.2:80$/m);
  });
}

/** Two namespaces p and q joined by a veth pair, with IPv4 and IPv6 addresses. */
const pair = `
  ip netns add p; ip netns add q
  ip link add x0 netns p type veth peer name x1 netns q
  ip -n p address add 10.9.9.1/24 dev x0; ip -n q address add 10.9.9.2/24 dev x1
  ip -n p address add fd00::1/64 dev x0 nodad; ip -n q address add fd00::2/64 dev x1 nodad
  ip -n p link set x0 up; ip -n q link set x1 up`;
const noPair = 'ip netns del p; ip netns del q';

test.serial('IPv6 works over a veth pair', async (t) => {
  const printed = await ask(guest, `${pair}; ip netns exec p ping -6 -c 2 fd00::2; ${noPair}`);
  t.regex(printed, /2 packets transmitted, 2 received, 0% packet loss/);
});

test.serial('netem delays what it is told to delay', async (t) => {
  const printed = await ask(
    guest,
    `${pair}; ip netns exec p tc qdisc add dev x0 root netem delay 300ms; ip netns exec p tc qdisc show dev x0
     ip netns exec p ping -c 2 10.9.9.2; ${noPair}`,
  );
  t.regex(printed, /^qdisc netem .* delay 300ms$/m);
  // A bound from below only: the delay is the guest's, and what the emulator adds to it is not bounded.
  t.true(Number(/^rtt min\/avg\/max\/mdev = ([\d.]+)\//m.exec(printed)?.[1]) >= 300, printed);
});

test.serial('tcpdump sees the packets of a veth pair', async (t) => {
  const printed = await ask(
    guest,
    `${pair}
     ip netns exec q timeout 60 tcpdump -l -n -c 2 -i x1 icmp > /tmp/seen 2> /tmp/tcpdump & dump=$!
     while kill -0 $dump && ! grep -q '^listening' /tmp/tcpdump; do sleep 0.1; done
     ip netns exec p ping -c 1 10.9.9.2 > /dev/null; wait $dump; cat /tmp/seen; ${noPair}`,
  );
  t.regex(printed, /IP 10\.9\.9\.1 > 10\.9\.9\.2: ICMP echo request, id \d+, seq 1, length 64/);
  t.regex(printed, /IP 10\.9\.9\.2 > 10\.9\.9\.1: ICMP echo reply, id \d+, seq 1, length 64/);
});

test.serial('iperf3 measures between two namespaces', async (t) => {
  const printed = await ask(
    guest,
    `${pair}
     ip netns exec q timeout 60 iperf3 -s -1 > /tmp/server 2>&1 & server=$!
     while kill -0 $server && ! ip netns exec q ss -ltn | grep -q :5201; do sleep 0.1; done
     ip netns exec p iperf3 -c 10.9.9.2 -n 1M; wait $server; ${noPair}`,
  );
  // At least what was asked for; the receiver's count ends before all of it has come.
  t.regex(printed, /1\.\d\d MBytes .* sender\s[^]* receiver/);
});

test.serial('SFTP puts a file into the guest and gets it back', async (t) => {
  const { username, privateKey, connect } = entranceOf(guest);
  const sock = connect();
  await once(sock, 'connect');
  const client = new ssh2.Client().connect({ sock, username, privateKey });
  try {
    await once(client, 'ready');
    const sftp = await new Promise<ssh2.SFTPWrapper>((resolve, reject) => {
      client.sftp((error, wrapper) => {
        if (error === undefined) resolve(wrapper);
        else reject(error);
      });
    });
    const content = Buffer.from(Uint8Array.from({ length: 100_000 }, (_, index) => (index * 7) % 256));
    await new Promise((resolve, reject) => {
      sftp.writeFile('/tmp/by-sftp', content, (error) => {
        if (error) reject(error);
        else resolve(null);
      });
    });
    t.deepEqual((await guest.execute('cat /tmp/by-sftp')).output, content);
    const back = await new Promise<Buffer>((resolve, reject) => {
      sftp.readFile('/tmp/by-sftp', (error, bytes) => {
        if (error === undefined) resolve(bytes);
        else reject(error);
      });
    });
    t.deepEqual(back, content);
  } finally {
    client.end();
  }
});

for (const shell of ['dash', 'busybox sh']) {
  test.serial(`the journal is written alike by the guest's ${shell}`, async (t) => {
    const script =
      'greeting="good day"\nfor n in 1 2; do\n  echo "$greeting $n"\ndone\ncat <<END\nhere\nEND\n(exit 3)\n';
    const part = {
      name: `journal-${shell.replace(' ', '-')}`,
      steps: [
        step('one', { script: 'one.sh' }),
        step('two', { commands: [{ run: 'echo out; echo err >&2' }, { run: 'sleep 100', limitSeconds: 1 }] }),
        step('three', { commands: [{ run: 'exit 4' }] }),
        step('four', { commands: [{ run: "printf '\\000\\377'" }] }),
      ],
      files: [{ path: 'one.sh', content: Buffer.from(script) }],
    };
    const journal = await runPlan(guest, part, shell);
    t.deepEqual(
      journal.commands.map(({ step, end, ...command }) => [
        step,
        command.output.toString('latin1'),
        end?.how,
        end?.status,
      ]),
      [
        ['one', '', 'exited', 0],
        ['one', 'good day 1\ngood day 2\n', 'exited', 0],
        ['one', 'here\n', 'exited', 0],
        ['one', '', 'exited', 3],
        ['two', 'out\nerr\n', 'exited', 0],
        ['two', journal.commands[5]?.output.toString('latin1'), 'limit', 130], // some shells say 'Terminated'
        ['three', '', 'left', 4],
        ['four', '\u0000\u00ff', 'exited', 0],
      ],
    );
  });
}

test.serial('a command can be told to write to its standard streams by their names in /dev', async (t) => {
  const { output, errorOutput } = await guest.execute('echo out > /dev/stdout; echo err > /dev/stderr; ls /dev/fd/1');
  t.is(output.toString(), 'out\n/dev/fd/1\n');
  t.is(errorOutput.toString(), 'err\n');
});

test.serial('the tools that ping and address by name are the real ones, not imitations of busybox', async (t) => {
  t.regex(await ask(guest, 'ping -V'), /iputils/);
  t.regex(await ask(guest, 'arping -V'), /iputils/);
  t.regex(await ask(guest, 'ip -V'), /iproute2/);
  t.regex(await ask(guest, 'tc -V'), /iproute2/);
});

test.serial('the card is up as `ip` would set it up, and has no way out', async (t) => {
  t.regex(await ask(guest, 'ip link show eth0'), /<BROADCAST,MULTICAST,UP,LOWER_UP>/);
  t.regex(await ask(guest, 'ip address show eth0'), /inet 192\.168\.86\.100\/24 scope global noprefixroute eth0/);
  t.is(await ask(guest, 'ip route'), '192.168.86.0/24 dev eth0 proto kernel scope link src 192.168.86.100 quickack 1');
});

test.serial('orphans are reaped', async (t) => {
  await ask(guest, '(sh -c "sleep 0.1 &" &)');
  t.is(await ask(guest, 'while pidof sleep > /dev/null; do sleep 0.2; done; ps -o stat | grep -c Z || true'), '0');
});
