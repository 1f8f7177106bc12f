import type { Tunnel } from './topology.ts';

/*
 * Observations: what was read out of a capture.
 *
 * Every object that was read from one line of the capture carries `line`, the 1-based number of that line, so that
 * a verdict can name the line that decides. An object without `line` inherits the line of the object that holds it.
 */

/** The outcome of reading a capture: an unreadable capture is data too (its claims become `undecided`). */
export type Reading<T extends { readonly kind: string }> =
  | { readonly state: 'read'; readonly observation: T }
  /** Some lines could not be read, one at least: every list of the observation may lack something, and what it has is so. */
  | { readonly state: 'partly'; readonly observation: T; readonly unread: readonly [UnreadLine, ...UnreadLine[]] }
  | { readonly state: 'unreadable'; readonly reason: string; readonly line: number | null };

/** A line that was not understood, and what it holds that nobody knows. */
export interface UnreadLine {
  readonly line: number;
  readonly reason: string;
}

/** Statistics and per-packet lines of `ping`(8): iputils s20160308 to today, busybox, GNU inetutils. */
export interface PingObservation {
  readonly kind: 'ping';
  /** Line of the `N packets transmitted, …` statistics. */
  readonly line: number;
  /** What was pinged, an address or a name, as printed in the `--- X ping statistics ---` line. */
  readonly destination: string;
  /** The address that was asked, as printed in the header: that of a name, too. */
  readonly address: string;
  /** The address that was asked from, where ping prints it (`-I`); null elsewhere. */
  readonly source: string | null;
  /** How much data each packet was to carry (`-s`, 56 by default). */
  readonly payloadBytes: number;
  readonly transmitted: number;
  readonly received: number;
  /** The `+N errors` count; 0 where ping printed none. */
  readonly errors: number;
  /** The `+N duplicates` count; 0 where ping printed none. */
  readonly duplicates: number;
  /** As printed (iputils rounds towards zero; may have decimals, as `33.3333`). */
  readonly lossPercent: number;
  /** Wall time that ping itself reports (`time 3004ms`); null for busybox and inetutils, which print none. */
  readonly timeMs: number | null;
  /**
   * Round-trip times; null where nothing was received, and where the packets were too small to hold a time (`-s 8`).
   * `mdevMs` is the standard deviation (iputils' mdev, inetutils' stddev); null for busybox.
   */
  readonly rtt: {
    readonly line: number;
    readonly minMs: number;
    readonly avgMs: number;
    readonly maxMs: number;
    readonly mdevMs: number | null;
  } | null;
  /** The addresses that answered, each once, in the order of their first replies; like the next two, empty with `-q`. */
  readonly responders: readonly string[];
  /** The packets that were answered, each once, in order: iputils counts them from 1, busybox and inetutils from 0. */
  readonly sequences: readonly number[];
  /** What ping remarked on replies, each once: `DIFFERENT ADDRESS!`, `truncated`, `wrong data byte …`. */
  readonly remarks: readonly string[];
  readonly replies: readonly PingReply[];
  /**
   * ICMP errors and local errors, one per printed line, as `From 10.1.1.1 icmp_seq=1 Destination Host Unreachable`. A
   * router's advice (`Redirect Host`, `Source Quench`) is none.
   */
  readonly failures: readonly PingFailure[];
}

export interface PingReply {
  readonly line: number;
  readonly from: string;
  readonly bytes: number;
  readonly sequence: number;
  readonly ttl: number;
  /** null where the packet was too small to hold the time at which it was sent. */
  readonly timeMs: number | null;
  /** Another answer to a request that was answered before. Since 2019 iputils does not say so for broadcasts. */
  readonly duplicate: boolean;
  /** What ping remarks on it, but for `DUP!`; null where that is nothing. */
  readonly remark: string | null;
}

export interface PingFailure {
  readonly line: number;
  /** null: an error of ping's own. */
  readonly from: string | null;
  /** null where ping does not say of which packet. */
  readonly sequence: number | null;
  /** As printed: `Destination Host Unreachable`, `Network is unreachable` … */
  readonly reason: string;
}

/** `ip address`, `ip link`, both with and without `-d` (iproute2 4.11 to today). */
export interface LinksObservation {
  readonly kind: 'links';
  readonly links: readonly LinkObservation[];
}

export interface LinkObservation {
  readonly line: number;
  readonly index: number;
  readonly name: string;
  readonly flags: readonly string[];
  readonly mtu: number;
  readonly qdisc: string | null;
  /** Operational state as printed: `UP`, `DOWN`, `UNKNOWN`, `LOWERLAYERDOWN` …; null for busybox, which prints none. */
  readonly state: string | null;
  /** Administratively up: the `UP` flag. */
  readonly up: boolean;
  /** Up with a carrier: `LOWER_UP` and no `NO-CARRIER`. */
  readonly carrier: boolean;
  readonly master: string | null;
  /** What follows `link/`: `ether`, `loopback`, `none` … */
  readonly linkType: string | null;
  readonly mac: string | null;
  /**
   * Device kind by `-d`: `veth`, `tap`, `tun`, `bridge`, `vlan`, `dummy` …; null where `-d` was not given, and for
   * devices that have no kind (a card, lo).
   */
  readonly deviceKind: string | null;
  /** By `-d`, the tag of a `vlan`: its id (0 to 4095) and its protocol, `802.1Q` or `802.1ad`; null for other kinds. */
  readonly vlan: { readonly line: number; readonly protocol: string; readonly id: number } | null;
  /** By -d, whether a bridge keeps VLANs apart; null for other kinds. */
  readonly vlanFiltering: boolean | null;
  /** By -d, between which addresses a tunnel leads; null for other kinds. */
  readonly tunnel: Tunnel | null;
  /**
   * The peer or lower device behind the `@`: a name, or an index where it lives in another namespace. `namespace` is
   * null where none was printed (busybox never prints one): then it is not known which one it is.
   */
  readonly peer:
    | null
    | { readonly by: 'name'; readonly name: string }
    | { readonly by: 'index'; readonly index: number; readonly namespace: NamespaceReference | null };
  readonly addresses: readonly AddressObservation[];
}

/** `link-netnsid N` (old iproute2) or `link-netns NAME` (new). */
export type NamespaceReference =
  { readonly by: 'id'; readonly id: number } | { readonly by: 'name'; readonly name: string };

export interface AddressObservation {
  readonly line: number;
  readonly family: 'inet' | 'inet6';
  /** Without the prefix length: `10.1.1.1`. */
  readonly address: string;
  /** Where there is a peer, 32 or 128: the prefix length that ip prints is the peer's. */
  readonly prefixLength: number;
  /** The other end of a point-to-point link, as printed: `10.4.0.2/32`; null where there is none. */
  readonly peer: string | null;
  /** `global`, `host`, `link` … */
  readonly scope: string;
}

/** `ip route`, and `route -n` and `netstat -rn` of net-tools. */
export interface RoutesObservation {
  readonly kind: 'routes';
  readonly routes: readonly RouteObservation[];
}

export interface RouteObservation {
  readonly line: number;
  /**
   * `unicast` where ip prints none; else `local`, `broadcast`, `unreachable`, `blackhole` …; `unknown` for the rows in
   * which `route -n` does not tell blackhole from throw.
   */
  readonly type: string;
  /** `10.1.1.0/24`, `default`, or a bare host address as printed. */
  readonly destination: string;
  /** Gateway; null for a route that is on the link. `inet6 fe80::1` for an IPv4 route over an IPv6 gateway, as printed. */
  readonly via: string | null;
  /** null for the types that lead nowhere: unreachable, prohibit, blackhole, throw. */
  readonly device: string | null;
  /** As printed by `ip route show table all`; null where ip prints none, for main or the one table asked for. */
  readonly table: string | null;
  readonly protocol: string | null;
  readonly scope: string | null;
  readonly source: string | null;
  readonly metric: number | null;
  /** No carrier: `linkdown`, which kernels before 4.1 do not print. */
  readonly linkDown: boolean;
  /** The kernel passes it over: `dead`. */
  readonly dead: boolean;
}

/** `ip neigh`. */
export interface NeighboursObservation {
  readonly kind: 'neighbours';
  readonly neighbours: readonly NeighbourObservation[];
}

export interface NeighbourObservation {
  readonly line: number;
  readonly address: string;
  readonly device: string;
  readonly mac: string | null;
  /** `REACHABLE`, `STALE`, `DELAY`, `PROBE`, `FAILED`, `INCOMPLETE`, `PERMANENT`, `NOARP`. */
  readonly state: string;
}

/** `ip netns list` and `ip netns list-id`. */
export interface NamespacesObservation {
  readonly kind: 'namespaces';
  readonly namespaces: readonly { readonly line: number; readonly name: string | null; readonly id: number | null }[];
}
