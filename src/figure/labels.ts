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
  /** On a thing in a picture that was not there in the one before. */
  readonly isNew: string;
  /** On a device that was in another namespace, or had another name. */
  readonly isMoved: string;
  readonly isChanged: string;
  /** On the ghost of a thing that is no longer there. */
  readonly isGone: string;
  readonly nothingChanged: string;
  readonly noMaster: string;
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
  /** Said where `count` lines were left out. */
  moreLines(count: number): string;
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
  isNew: 'new',
  isMoved: 'moved',
  isChanged: 'changed',
  isGone: 'gone',
  nothingChanged: 'nothing changed',
  noMaster: 'port of nothing',
  portOf: (master) => `port of ${master}`,
  on: (lower) => `on ${lower}`,
  added: (what) => `new: ${what}`,
  removed: (what) => `gone: ${what}`,
  changed: (what, now, before) => `${what}: now ${now}, before ${before}`,
  moved: (what, to, from) => `${what}: moved to ${to}, before in ${from}`,
  namespaceNamed: (name) => `namespace ${name}`,
  of: (what, owner) => `${what} of ${owner}`,
  more: (count) => `and ${count} more`,
  moreLines: (count) => (count === 1 ? '1 more line' : `${count} more lines`),
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
  isNew: '新增',
  isMoved: '移入',
  isChanged: '变化',
  isGone: '消失',
  nothingChanged: '无变化',
  noMaster: '不是任何设备的端口',
  portOf: (master) => `${master} 的端口`,
  on: (lower) => `基于 ${lower}`,
  added: (what) => `新增：${what}`,
  removed: (what) => `消失：${what}`,
  changed: (what, now, before) => `${what}：现为 ${now}，此前 ${before}`,
  moved: (what, to, from) => `${what}：移到 ${to}，此前在 ${from}`,
  namespaceNamed: (name) => `命名空间 ${name}`,
  of: (what, owner) => `${owner} 的 ${what}`,
  more: (count) => `另有 ${count} 项`,
  moreLines: (count) => `另有 ${count} 行`,
};
