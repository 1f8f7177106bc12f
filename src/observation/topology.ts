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
