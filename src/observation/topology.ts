import { NotObserved, type Known } from './not-observed.ts';

/**
 * The network as it was observed at one moment: which device is in which namespace, who is whose peer, addresses,
 * carrier and routes. Made from captures alone, never from what a study declares.
 */
export interface Topology {
  /** The root namespace first (name null), then the named ones in the order of their names. */
  readonly namespaces: readonly TopologyNamespace[];
  /** Veth pairs whose two ends were both seen and name each other, by index and by namespace id. */
  readonly pairs: readonly { readonly ends: readonly [EndPoint, EndPoint] }[];
}

export interface TopologyNamespace {
  /** null: the root namespace. */
  readonly name: string | null;
  readonly devices: readonly TopologyDevice[];
  readonly routes: readonly TopologyRoute[];
  /** How many lines of `ip route` could not be read, as those of a route over several next hops. */
  readonly unreadRoutes: number;
  /** Whether it passes IPv4 packets on (net.ipv4.ip_forward). */
  readonly forwarding: Known<boolean>;
  /** The same of IPv6 (net.ipv6.conf.all.forwarding). */
  readonly forwarding6: Known<boolean>;
  /** In the order of `tc qdisc`, those that the kernel sets up by itself among them. */
  readonly qdiscs: Known<readonly Qdisc[]>;
  /** Chains of packet filters: those of nftables, and of iptables where that has tables of its own. */
  readonly chains: Known<readonly Chain[]>;
  /** Its WireGuard devices, without their private and preshared keys. */
  readonly wireguard: Known<readonly WireGuard[]>;
}

/** A queueing discipline of a device (tc(8)). */
export interface Qdisc {
  readonly device: string;
  /** `netem`, `tbf`, `htb`, `ingress` … */
  readonly kind: string;
  /** `8001:`; `0:` for one that the kernel sets up by itself. */
  readonly handle: string;
  /** `root`, or the class or the hook that it is attached to, as `1:10` and `ffff:fff1`. */
  readonly parent: string;
  /** Its parameters as printed: `limit 1000 delay 10ms loss 1%`; may be empty. */
  readonly options: string;
  /** Whether the kernel set it up by itself. */
  readonly isDefault: boolean;
}

/** A chain of rules (nft(8), iptables(8)). */
export interface Chain {
  /** `ip`, `ip6`, `inet`, `arp`, `bridge` or `netdev`. */
  readonly family: string;
  readonly table: string;
  readonly name: string;
  /** `filter`, `nat` or `route`; null for a chain that only other chains lead to, as the next three. */
  readonly type: string | null;
  /** `prerouting`, `input`, `forward`, `output`, `postrouting`, `ingress`, `egress`. */
  readonly hook: string | null;
  /** As printed: `filter`, `srcnat`, `-150`; null for iptables, too. */
  readonly priority: string | null;
  /** `accept` or `drop`. */
  readonly policy: string | null;
  /** As printed, one a rule; without counts. */
  readonly rules: readonly string[];
}

/** A WireGuard device (wg(8)). */
export interface WireGuard {
  readonly device: string;
  /** null where it has no key yet. */
  readonly publicKey: string | null;
  /** The UDP port that it listens at. */
  readonly port: number | null;
  readonly peers: readonly WireGuardPeer[];
}

export interface WireGuardPeer {
  readonly publicKey: string;
  /** `10.0.0.2:51820`; null where none is known. */
  readonly endpoint: string | null;
  /** As `10.7.0.0/24`. */
  readonly allowedAddresses: readonly string[];
}

export interface TopologyRoute {
  /** `10.1.1.0/24`, `default`, or a bare host address. */
  readonly destination: string;
  readonly via: string | null;
  /** null for the types that lead nowhere: unreachable, prohibit, blackhole, throw. */
  readonly device: string | null;
}

export interface TopologyDevice {
  readonly name: string;
  readonly index: number;
  /** `veth`, `tap`, `bridge`, `loopback`, `ethernet` (a card) …; `unknown` where the capture did not say. */
  readonly kind: string;
  readonly up: boolean;
  readonly carrier: boolean;
  /** Operational state as printed: `UP`, `DOWN`, `LOWERLAYERDOWN` …; `UNKNOWN` also where none was printed. */
  readonly state: string;
  readonly master: string | null;
  /** null where none was printed, and for devices that have none (a tun). */
  readonly mac: string | null;
  /** IPv4 and global IPv6 as `10.1.1.1/24`; link-local IPv6 left out. */
  readonly addresses: readonly string[];
  /** `paired`: see `pairs`. `unknown`: it says that it has a peer, but both ends do not agree. `none`: no peer. */
  readonly peer: 'paired' | 'unknown' | 'none';
  /** The tag of a `vlan`; null for other kinds. */
  readonly vlan: Vlan | null;
  /** The device that a VLAN, macvlan or ipvlan stands on; null for other kinds, and where it was not seen for certain. */
  readonly lower: EndPoint | null;
  /** Of a bridge: whether it keeps VLANs apart (`vlan_filtering`). null for other kinds, and where that was not printed. */
  readonly vlanFiltering: boolean | null;
  /** The VLANs of a bridge or of a port, as `bridge vlan` tells them, each id by itself; empty for what is neither. */
  readonly vlans: Known<readonly PortVlan[]>;
  /** Of an IP tunnel, a VXLAN and the like; null for other kinds. */
  readonly tunnel: Tunnel | null;
}

/** A VLAN that a port takes part in (bridge(8)). */
export interface PortVlan {
  /** 1 to 4094. */
  readonly id: number;
  /** Frames that come in without a tag belong to it. */
  readonly pvid: boolean;
  /** Its frames go out without a tag. */
  readonly untagged: boolean;
}

/** Between which addresses a tunnel leads; null for what was not set. */
export interface Tunnel {
  readonly local: string | null;
  /** Of a VXLAN without one other end, the multicast group. */
  readonly remote: string | null;
  /** The VNI of a VXLAN or a GENEVE device, the key of GRE or VTI. */
  readonly id: number | null;
  /** The UDP port that packets are sent to. */
  readonly port: number | null;
}

export interface Vlan {
  /** `802.1Q` or `802.1ad`. */
  readonly protocol: string;
  /** 0 to 4095. */
  readonly id: number;
}

export interface EndPoint {
  /** null: the root namespace. */
  readonly namespace: string | null;
  readonly device: string;
}

/** A namespace of which nothing but these devices is known. */
export function bareNamespace(name: string | null, devices: readonly TopologyDevice[] = []): TopologyNamespace {
  const unknown = new NotObserved(`nothing was asked of ${name ?? 'the root namespace'}`);
  return {
    ...{ name, devices, routes: [], unreadRoutes: 0 },
    ...{ forwarding: unknown, forwarding6: unknown, qdiscs: unknown, chains: unknown, wireguard: unknown },
  };
}
