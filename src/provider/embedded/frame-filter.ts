/**
 * Which Ethernet frames of the guest may reach v86's in-process network.
 *
 * v86's `fetch` back end answers ARP and ICMP echo for any address, DNS, NTP and DHCP, and turns the guest's HTTP into
 * requests of the host. A guest of ours has no way out, and a stray ping must not get a false reply, so only two
 * things pass: ARP requests for the client's address, and the segments of SSH connections that the client opened.
 */
export type FrameClass = 'arp' | 'ssh' | 'dropped';

export interface GuestNetwork {
  /** Dotted IPv4 addresses. */
  readonly guestAddress: string;
  readonly clientAddress: string;
}

/** The addresses are the image's: see the boot contract in guest/README.md. */
export const guestNetwork: GuestNetwork = { guestAddress: '192.168.86.100', clientAddress: '192.168.86.1' };

const etherType = { ipv4: 0x0800, arp: 0x0806 };
const tcp = { protocol: 6, syn: 0x02, ack: 0x10 };
const sshPort = 22;

/** Classifies one Ethernet II frame (RFC 894; no VLAN tags are let through). */
export function classifyFrame(frame: Uint8Array, network: GuestNetwork = guestNetwork): FrameClass {
  if (frame.length < 34) return 'dropped';
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  switch (view.getUint16(12)) {
    case etherType.arp:
      return isArpForClient(view, network) ? 'arp' : 'dropped';
    case etherType.ipv4:
      return isSshSegment(view, network) ? 'ssh' : 'dropped';
    default:
      return 'dropped';
  }
}

/** RFC 826: a request (1) by the guest for the client's address. */
function isArpForClient(view: DataView, network: GuestNetwork): boolean {
  if (view.byteLength < 42) return false;
  return (
    view.getUint16(20) === 1 &&
    address(view, 28) === network.guestAddress &&
    address(view, 38) === network.clientAddress
  );
}

/**
 * RFC 791 and RFC 9293: from the guest's port 22 to the client; never a SYN that would open a connection outwards.
 * v86 believes the lengths in the IP header, and throws where they leave no whole TCP header.
 */
function isSshSegment(view: DataView, network: GuestNetwork): boolean {
  const version = view.getUint8(14) >> 4;
  const headerBytes = (view.getUint8(14) & 0x0f) * 4;
  const packetBytes = view.getUint16(16);
  if (version !== 4 || headerBytes < 20 || packetBytes < headerBytes + 20) return false;
  if (view.byteLength < 14 + packetBytes) return false;
  const tcpOffset = 14 + headerBytes;
  const isFragment = (view.getUint16(20) & 0x3fff) !== 0;
  if (view.getUint8(23) !== tcp.protocol || isFragment) return false;
  if (address(view, 26) !== network.guestAddress || address(view, 30) !== network.clientAddress) return false;
  const flags = view.getUint8(tcpOffset + 13);
  const opensConnection = (flags & tcp.syn) !== 0 && (flags & tcp.ack) === 0;
  return view.getUint16(tcpOffset) === sshPort && !opensConnection;
}

function address(view: DataView, offset: number): string {
  return [0, 1, 2, 3].map((index) => view.getUint8(offset + index)).join('.');
}
