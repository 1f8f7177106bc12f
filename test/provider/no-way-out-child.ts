/**
 * Boots a guest, lets it try to get out, and prints as JSON what it got and what the host's kernel counted meanwhile.
 * A process of its own, so that no other test's sockets are counted.
 */
import dgram from 'node:dgram';
import { readFileSync } from 'node:fs';
import { ask, bootGuest } from './booted-guest.ts';
import { attempts, type Findings } from './no-way-out.ts';

/** Packets, and attempts at packets, of this network namespace since it was made; null where there is no such file. */
function packetCounts(): Findings['before'] {
  try {
    const lines = readFileSync('/proc/self/net/snmp', 'utf8').split('\n');
    const table = (name: string): Record<string, string> => {
      const [titles = [], values = []] = lines.filter((line) => line.startsWith(name)).map((line) => line.split(' '));
      return Object.fromEntries(titles.map((title, index) => [title, values[index] ?? '']));
    };
    const { OutRequests, OutNoRoutes } = table('Ip:');
    const { ActiveOpens } = table('Tcp:');
    return { sent: Number(OutRequests), withoutRoute: Number(OutNoRoutes), tcpOpens: Number(ActiveOpens) };
  } catch {
    return null;
  }
}

/** To a port of this machine, where nobody listens. */
function sendDatagram(): Promise<void> {
  const socket = dgram.createSocket('udp4');
  return new Promise((resolve) => {
    socket.send('x', 9, '127.0.0.1', () => {
      socket.close(resolve);
    });
  });
}

const before = packetCounts();
const guest = await bootGuest();
const routes = await ask(guest, 'ip route');
await ask(guest, 'ip route add default via 192.168.86.1 dev eth0');
await ask(
  guest,
  "tcpdump -l -n -Q in -i eth0 'not (tcp and dst port 22)' > /tmp/received 2> /tmp/tcpdump & dump=$!; while kill -0 $dump && ! grep -q '^listening' /tmp/tcpdump; do sleep 0.1; done",
);
const clientKnown = await ask(guest, 'arping -c 1 -w 5 -I eth0 192.168.86.1');
const answers = [];
for (const { name, command } of attempts) {
  const { status, output, errorOutput } = await guest.execute(command);
  answers.push({ name, status, printed: `${output.toString()}${errorOutput.toString()}` });
}
const received = (await ask(guest, 'kill $(pidof tcpdump); cat /tmp/received')).split('\n');
const stillThere = await ask(guest, 'echo still there');
await guest.stop();
const after = packetCounts();
const handles = readFileSync(process.env['SOCKET_LOG'] ?? '', 'utf8');
await sendDatagram();
const findings: Findings = {
  routes,
  clientKnown,
  answers,
  received,
  stillThere,
  handles,
  before,
  after,
  afterOneOfOurs: packetCounts(),
};
console.log(JSON.stringify(findings));
