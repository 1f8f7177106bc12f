import { parseBridgeVlans } from './bridge-vlans.ts';
import { parseForwarding } from './forwarding.ts';
import { parseIptablesChains } from './iptables-chains.ts';
import { parseNftChains } from './nft-chains.ts';
import { ifKnown, NotObserved, type Known } from './not-observed.ts';
import { parseQdiscs } from './qdiscs.ts';
import { whyNotRead } from './reading.ts';
import type { Chain, PortVlan, Qdisc, TopologyDevice, WireGuard } from './topology.ts';
import type { Reading } from './types.ts';
import { parseWireGuard } from './wireguard.ts';

/** What is asked of a namespace where there is cause to, each by its own tool, which the guest may lack. */
export const extraProbes = ['forwarding', 'vlans', 'qdiscs', 'nft', 'iptables', 'ip6tables', 'wireguard'] as const;
export type ExtraProbe = (typeof extraProbes)[number];

/** A probe that ran. */
export interface ProbeAnswer {
  /** The command as it ran. */
  readonly command: string;
  /** null: it did not come to its end. */
  readonly status: number | null;
  readonly output: string;
}

export type ProbeAnswers = Partial<Readonly<Record<ExtraProbe, ProbeAnswer>>>;

/** The tool that each asks, for the reason why a fact is not known. */
const tools: Readonly<Record<ExtraProbe, string>> = {
  forwarding: 'ip netconf',
  vlans: 'bridge vlan',
  qdiscs: 'tc qdisc',
  nft: 'nft list ruleset',
  iptables: 'iptables-save',
  ip6tables: 'ip6tables-save',
  wireguard: 'wg show',
};

/** What was asked of one namespace, and what came back. */
export class Answers {
  readonly #given: ProbeAnswers;
  /** As a reason names it. */
  readonly #namespace: string;

  constructor(namespace: string, given: ProbeAnswers = {}) {
    this.#given = given;
    this.#namespace = namespace;
  }

  forwarding(family: 'ipv4' | 'ipv6'): Known<boolean> {
    return this.#read('forwarding', parseForwarding, (read) => {
      return read[family] ?? this.#unknown(`${tools.forwarding} says nothing of ${family}`);
    });
  }

  qdiscs(): Known<readonly Qdisc[]> {
    return this.#read('qdiscs', parseQdiscs, ({ qdiscs }) => qdiscs);
  }

  /** Those of nftables first. What one of the tools says is all where the other is not there, or has nothing of its own. */
  chains(): Known<readonly Chain[]> {
    const ofNft = this.#read('nft', parseNftChains, ({ chains }) => chains);
    const others = (['iptables', 'ip6tables'] as const).map((probe) =>
      this.#read(
        probe,
        (text) => parseIptablesChains(text, probe === 'iptables' ? 'ip' : 'ip6'),
        ({ chains, isInNftables }) => (isInNftables && !(ofNft instanceof NotObserved) ? [] : chains),
      ),
    );
    const found = [ofNft, ...others].flatMap((chains) => ifKnown(chains) ?? []);
    return [ofNft, ...others].every((chains) => chains instanceof NotObserved) ? ofNft : found;
  }

  /** A namespace without any WireGuard device has none to be asked of. */
  wireguard(devices: readonly Pick<TopologyDevice, 'kind'>[]): Known<readonly WireGuard[]> {
    if (!devices.some(({ kind }) => kind === 'wireguard')) return [];
    return this.#read('wireguard', parseWireGuard, (read) => read.devices);
  }

  /** Of each device that is a bridge, or a port of one; by its name. */
  vlans(): Known<ReadonlyMap<string, readonly PortVlan[]>> {
    return this.#read('vlans', parseBridgeVlans, ({ ports }) => ports);
  }

  #read<T extends { readonly kind: string }, R>(
    probe: ExtraProbe,
    parse: (text: string) => Reading<T>,
    take: (observation: T) => Known<R>,
  ): Known<R> {
    const answer = this.#given[probe];
    if (answer === undefined) return this.#unknown(`'${tools[probe]}' was not asked`);
    if (answer.status !== 0) return this.#unknown(howEnded(answer));
    const reading = parse(answer.output);
    if (reading.state !== 'read') return this.#unknown(`'${answer.command}': ${whyNotRead(reading)}`);
    return take(reading.observation);
  }

  #unknown(reason: string): NotObserved {
    return new NotObserved(`${this.#namespace}: ${reason}`);
  }
}

function howEnded({ command, status, output }: ProbeAnswer): string {
  const said = output.trim().split('\n', 1)[0] ?? '';
  const end = status === null ? 'did not come to its end' : `ended with status ${status}`;
  return `'${command}' ${end}${said === '' ? '' : `: ${said}`}`;
}
