import type { SourceKind } from '../core/source-kinds.ts';
import { chineseChartLabels, englishChartLabels, type ChartLabels } from './chart-labels.ts';

/** Every word that a picture or its text alternative shows and that no capture printed. */
export interface FigureLabels {
  readonly host: string;
  readonly namespace: string;
  readonly rootNamespace: string;
  readonly up: string;
  readonly noCarrier: string;
  readonly down: string;
  readonly unknownKind: string;
  readonly unknownPeer: string;
  readonly noAddress: string;
  readonly noDevices: string;
  readonly noLinks: string;
  readonly nothingObserved: string;
  readonly routes: string;
  readonly vethPair: string;
  readonly decidingLine: string;
  readonly step: string;
  readonly sent: string;
  readonly received: string;
  readonly lost: string;
  readonly packet: string;
  readonly rttMs: string;
  /** Minimum, median, maximum. */
  readonly spread: readonly [string, string, string];
  readonly shareOfSent: string;
  readonly timeInSeconds: string;
  /** Of the times in a plot, where the guest's clock counts instructions. */
  readonly countedTimes: string;
  readonly total: string;
  readonly timeKinds: Readonly<Record<'boot' | 'commands' | 'waiting' | 'overhead' | 'other', string>>;
  /** On a thing in a picture that was not there in the one before. */
  readonly isNew: string;
  /** On a device that was in another namespace, or had another name. */
  readonly isMoved: string;
  readonly isChanged: string;
  /** On the ghost of a thing that is no longer there. */
  readonly isGone: string;
  readonly nothingChanged: string;
  readonly noMaster: string;
  readonly chart: ChartLabels;
  /** A device that is a port of `master`, as `port of br0`. */
  portOf(master: string): string;
  /** A VLAN, macvlan or ipvlan that stands on a device, as `on eth0`. */
  on(lower: string): string;
  /** What a step brought and what it took away. */
  added(what: string): string;
  removed(what: string): string;
  changed(what: string, now: string, before: string): string;
  moved(what: string, to: string, from: string): string;
  namespaceNamed(name: string): string;
  /** An address, with the device that has it. */
  of(what: string, owner: string): string;
  /** Said where `count` addresses or routes were left out. */
  more(count: number): string;
  /** A bridge that keeps VLANs apart. */
  readonly filtersVlans: string;
  /** The VLANs of a port, as `10 pvid untagged`. */
  vlan(vlans: string): string;
  /** How the frames of VLANs go out of a port, behind their ids. */
  readonly untagged: string;
  readonly tagged: string;
  readonly noPvid: string;
  /** A namespace that passes packets on, of these protocols. */
  forwards(families: string): string;
  qdisc(qdisc: string): string;
  /** The list of a namespace's chains; one of them; a rule of one; how many it has. */
  readonly packetFilter: string;
  chain(chain: string): string;
  rule(rule: string): string;
  rules(count: number): string;
  /** Of a WireGuard device. */
  wireguardPeer(peer: string): string;
  tunnel(tunnel: string): string;
  /** Said of a namespace of whose routes `count` lines could not be read. */
  unreadRoutes(count: number): string;
  /** Said where `count` lines were left out. */
  moreLines(count: number): string;
  /** Said where the last `count` commands were left out. */
  moreCommands(count: number): string;
  /** `0 of 4 received`. */
  receivedOf(received: number, transmitted: number): string;
  /** What both axes of a plot of round-trip times are. */
  rttAxes(logarithmic: boolean): string;
  /** `counts` of packets, and the times in ms that sum up those of the ones received. */
  rttSummary(counts: string, min: string, median: string, max: string): string;
  /** Said where of each `every` neighbouring packets not all are drawn. */
  thinned(every: number): string;
  /** A time in seconds with its unit. */
  seconds(seconds: string): string;
}

export const englishLabels: FigureLabels = {
  host: 'host',
  namespace: 'namespace',
  rootNamespace: 'root namespace',
  up: 'up',
  noCarrier: 'no carrier',
  down: 'down',
  unknownKind: 'unknown kind',
  unknownPeer: 'unknown peer',
  noAddress: 'no address',
  noDevices: 'no devices',
  noLinks: 'no veth pair was seen',
  nothingObserved: 'nothing observed',
  routes: 'routes',
  vethPair: 'veth pair',
  decidingLine: 'deciding line',
  step: 'step',
  sent: 'sent',
  received: 'received',
  lost: 'lost',
  packet: 'packet',
  rttMs: 'RTT (ms)',
  spread: ['min', 'median', 'max'],
  shareOfSent: 'Share of the packets sent, in %',
  timeInSeconds: 'Time in seconds',
  countedTimes: "Times are by the guest's clock, which counts instructions.",
  total: 'total',
  timeKinds: {
    boot: 'boot',
    commands: 'commands',
    waiting: 'waiting, no answer',
    overhead: 'overhead',
    other: 'other',
  },
  isNew: 'new',
  isMoved: 'moved',
  isChanged: 'changed',
  isGone: 'gone',
  nothingChanged: 'nothing changed',
  noMaster: 'port of nothing',
  chart: englishChartLabels,
  portOf: (master) => `port of ${master}`,
  on: (lower) => `on ${lower}`,
  added: (what) => `new: ${what}`,
  removed: (what) => `gone: ${what}`,
  changed: (what, now, before) => `${what}: now ${now}, before ${before}`,
  moved: (what, to, from) => `${what}: moved to ${to}, before in ${from}`,
  namespaceNamed: (name) => `namespace ${name}`,
  of: (what, owner) => `${what} of ${owner}`,
  more: (count) => `and ${count} more`,
  filtersVlans: 'filters VLANs',
  vlan: (vlans) => `VLAN ${vlans}`,
  untagged: 'untagged',
  tagged: 'tagged',
  noPvid: 'not the PVID',
  forwards: (families) => `forwards ${families}`,
  qdisc: (qdisc) => `qdisc ${qdisc}`,
  packetFilter: 'packet filter',
  chain: (chain) => `chain ${chain}`,
  rule: (rule) => `rule ${rule}`,
  rules: (count) => (count === 1 ? '1 rule' : `${count} rules`),
  wireguardPeer: (peer) => `peer ${peer}`,
  tunnel: (tunnel) => `tunnel ${tunnel}`,
  unreadRoutes: (count) => (count === 1 ? '1 line that is not read' : `${count} lines that are not read`),
  moreLines: (count) => (count === 1 ? '1 more line' : `${count} more lines`),
  moreCommands: (count) => (count === 1 ? '1 more command' : `${count} more commands`),
  receivedOf: (received, transmitted) => `${received} of ${transmitted} received`,
  rttAxes: (logarithmic) =>
    `Round-trip time in ms${logarithmic ? ' (logarithmic scale)' : ''}, by the packet's number (icmp_seq)`,
  rttSummary: (counts, min, median, max) => `${counts}; min ${min}, median ${median}, max ${max} ms`,
  thinned: (every) =>
    `Of each ${every} neighbouring packets the fastest and the slowest are drawn, and one mark where any was lost.`,
  seconds: (seconds) => `${seconds} s`,
};

export const chineseLabels: FigureLabels = {
  host: '主机',
  namespace: '命名空间',
  rootNamespace: '根命名空间',
  up: '已启用',
  noCarrier: '无载波',
  down: '未启用',
  unknownKind: '类型未知',
  unknownPeer: '未知对端',
  noAddress: '无地址',
  noDevices: '无设备',
  noLinks: '未见 veth 对',
  nothingObserved: '无观测结果',
  routes: '路由',
  vethPair: 'veth 对',
  decidingLine: '判定依据行',
  step: '步骤',
  sent: '已发送',
  received: '已收到',
  lost: '丢失',
  packet: '数据包',
  rttMs: 'RTT (ms)',
  spread: ['最小', '中位数', '最大'],
  shareOfSent: '占已发送数据包的百分比（%）',
  timeInSeconds: '时间（秒）',
  countedTimes: '时间均按虚拟机时钟计，该时钟按指令计数。',
  total: '合计',
  timeKinds: { boot: '启动', commands: '命令', waiting: '等待，无应答', overhead: '开销', other: '其他' },
  isNew: '新增',
  isMoved: '移入',
  isChanged: '变化',
  isGone: '消失',
  nothingChanged: '无变化',
  noMaster: '不是任何设备的端口',
  chart: chineseChartLabels,
  portOf: (master) => `${master} 的端口`,
  on: (lower) => `基于 ${lower}`,
  added: (what) => `新增：${what}`,
  removed: (what) => `消失：${what}`,
  changed: (what, now, before) => `${what}：现为 ${now}，此前 ${before}`,
  moved: (what, to, from) => `${what}：移到 ${to}，此前在 ${from}`,
  namespaceNamed: (name) => `命名空间 ${name}`,
  of: (what, owner) => `${owner} 的 ${what}`,
  more: (count) => `另有 ${count} 项`,
  filtersVlans: '按 VLAN 过滤',
  vlan: (vlans) => `VLAN ${vlans}`,
  untagged: '不带标签',
  tagged: '带标签',
  noPvid: '非 PVID',
  forwards: (families) => `转发 ${families}`,
  qdisc: (qdisc) => `队列规则 ${qdisc}`,
  packetFilter: '包过滤',
  chain: (chain) => `链 ${chain}`,
  rule: (rule) => `规则 ${rule}`,
  rules: (count) => `${count} 条规则`,
  wireguardPeer: (peer) => `对端 ${peer}`,
  tunnel: (tunnel) => `隧道 ${tunnel}`,
  unreadRoutes: (count) => `另有 ${count} 行未能读取`,
  moreLines: (count) => `另有 ${count} 行`,
  moreCommands: (count) => `另有 ${count} 条命令`,
  receivedOf: (received, transmitted) => `发送 ${transmitted}，收到 ${received}`,
  rttAxes: (logarithmic) => `往返时间（ms${logarithmic ? '，对数刻度' : ''}），按数据包序号（icmp_seq）`,
  rttSummary: (counts, min, median, max) => `${counts}；最小 ${min}，中位数 ${median}，最大 ${max} ms`,
  thinned: (every) => `每 ${every} 个相邻数据包只绘出最快和最慢的一个；其中有丢失时绘出一个标记。`,
  seconds: (seconds) => `${seconds} 秒`,
};

/** The words for figures of a study that reruns a paper, a post or something else. */
export function labelsFor(labels: FigureLabels, source: SourceKind): FigureLabels {
  return { ...labels, chart: { ...labels.chart, paper: labels.chart.sources[source] } };
}
