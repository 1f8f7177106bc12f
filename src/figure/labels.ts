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
  /** A device that is a port of `master`, as `port of br0`. */
  portOf(master: string): string;
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
  portOf: (master) => `port of ${master}`,
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
  portOf: (master) => `${master} 的端口`,
  more: (count) => `另有 ${count} 项`,
  moreLines: (count) => `另有 ${count} 行`,
};
