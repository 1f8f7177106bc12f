/** What the guest tries; each command's status is 0 when it got any answer. As root, with a default route added by hand. */
export const attempts: readonly { readonly name: string; readonly command: string }[] = [
  { name: 'ping of the client', command: 'ping -c 1 -W 2 192.168.86.1' },
  { name: 'ping of a neighbour that is not there', command: 'ping -c 1 -W 2 192.168.86.2' },
  { name: 'ping of an address outside', command: 'ping -c 1 -W 2 8.8.8.8' },
  { name: "ping of the study's own addresses", command: 'ping -c 1 -W 2 10.1.1.2' },
  { name: 'ARP for a neighbour that is not there', command: 'arping -c 1 -w 2 -I eth0 192.168.86.2' },
  { name: 'DNS of the client', command: 'timeout 3 nslookup example.org 192.168.86.1' },
  { name: 'DNS of a public server', command: 'timeout 3 nslookup example.org 8.8.8.8' },
  { name: 'HTTP to the client', command: 'timeout 8 curl --silent --max-time 2 http://192.168.86.1/' },
  { name: 'HTTP to an address outside', command: 'timeout 8 curl --silent --max-time 2 http://192.0.2.1/' },
  { name: "HTTP to v86's name for the host", command: httpByHand('GET / HTTP/1.1\\r\\nHost: 80.external\\r\\n\\r\\n') },
  ...[22, 53, 80, 443].map((port) => ({
    name: `TCP to port ${port} of the client`,
    command: connection('192.168.86.1', port),
  })),
  { name: 'TCP to an address outside', command: connection('192.0.2.1', 443) },
  { name: "a datagram to the client's DHCP port", command: datagram('192.168.86.1', 67, 300) },
  { name: "a datagram to the client's NTP port", command: datagram('192.168.86.1', 123, 48) },
  { name: 'a datagram to the NTP port of an address outside', command: datagram('192.0.2.1', 123, 48) },
  { name: "a datagram to v86's echo port", command: datagram('192.168.86.1', 8, 48) },
];

/** 0 when a connection came about. 143: it did, and then nobody spoke; without one nc has given up long before that. */
function connection(address: string, port: number): string {
  return `timeout 8 nc -w 2 ${address} ${port} < /dev/null; case $? in 0 | 143) ;; *) false ;; esac`;
}

/** 0 when anything came back. */
function httpByHand(request: string): string {
  return `printf '${request}' | timeout 8 nc -w 2 192.168.86.1 80 | grep -q .`;
}

/** One UDP datagram of so many bytes by traceroute, the one tool in the image that sends any to any port. */
function datagram(address: string, port: number, bytes: number): string {
  const headerBytes = 28;
  return `traceroute -n -m 1 -q 1 -w 2 -p ${port} ${address} ${bytes + headerBytes} | grep ' ms'`;
}

interface PacketCounts {
  readonly sent: number;
  readonly withoutRoute: number;
  readonly tcpOpens: number;
}

/** What no-way-out-child.ts prints. */
export interface Findings {
  /** `ip route` before one was added. */
  readonly routes: string;
  /** `arping` of the client: the one answer that there is beside SSH. */
  readonly clientKnown: string;
  readonly answers: readonly { readonly name: string; readonly status: number | null; readonly printed: string }[];
  /** Every frame that came in at the guest's card meanwhile, SSH left out, as tcpdump prints it. */
  readonly received: readonly string[];
  readonly stillThere: string;
  /** The lines of log-sockets.mjs. */
  readonly handles: string;
  readonly before: PacketCounts | null;
  readonly after: PacketCounts | null;
  readonly afterOneOfOurs: PacketCounts | null;
}
