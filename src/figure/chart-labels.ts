import type { SourceKind } from '../core/source-kinds.ts';

/** How the values of a place in a chart are shown: each of them, or one that stands for all. */
export type Statistic = 'each' | 'median' | 'mean';

/** What is drawn around it: nothing, least to greatest, or the interval that has the mean with a confidence of 95 %. */
export type Spread = 'none' | 'range' | 'interval';

/** The words of charts and tables of what was measured, and of diagrams of messages. */
export interface ChartLabels {
  readonly statistics: Readonly<Record<Statistic, string>>;
  /** The two columns of a spread. */
  readonly ends: Readonly<Record<Exclude<Spread, 'none'>, readonly [string, string]>>;
  /** Q1 and Q3. */
  readonly quartiles: readonly [string, string];
  readonly outliers: string;
  /** How a box is drawn. */
  readonly boxRule: string;
  /** The y axis of a distribution, without its unit. */
  readonly share: string;
  readonly series: string;
  /** What the source's curve is called, by what the source is. */
  readonly sources: Readonly<Record<SourceKind, string>>;
  /** That of the study at hand. */
  readonly paper: string;
  /** In a legend, of the marks of the source's curve. */
  paperMarks(paper: string): string;
  readonly time: string;
  readonly number: string;
  readonly from: string;
  readonly to: string;
  readonly message: string;
  readonly size: string;
  /** Of an axis. */
  logarithmic(label: string): string;
  /** What a mark stands for, and the whiskers at it; `n`: of how many values each, as `3` or `2–3`. */
  marks(statistic: Statistic, spread: Spread, n: string): string;
  /** What a cell of a table has, and what stands below it. */
  cells(statistic: Statistic, spread: Spread, n: string): string;
  /** Said where values could not be read. */
  leftOut(count: number, of: number): string;
  /** Said below the last message that is drawn. */
  moreMessages(count: number): string;
  bytes(count: number): string;
}

export const englishChartLabels: ChartLabels = {
  statistics: { each: 'value', median: 'median', mean: 'mean' },
  ends: { range: ['min', 'max'], interval: ['95 % from', '95 % to'] },
  quartiles: ['Q1', 'Q3'],
  outliers: 'outliers',
  boxRule:
    'Box: quartiles and median (type 7). Whiskers: to the farthest values within 1.5 box lengths. Marks: values beyond.',
  share: 'Share of the values that are no greater',
  series: 'series',
  sources: { paper: 'paper', post: 'post', RFC: 'RFC', documentation: 'documentation', own: 'study' },
  paper: 'paper',
  paperMarks: (paper) => `${paper} (hollow, dashed)`,
  time: 'time (s)',
  number: 'no.',
  from: 'from',
  to: 'to',
  message: 'message',
  size: 'bytes',
  logarithmic: (label) => `${label}, logarithmic scale`,
  marks: (statistic, spread, n) => {
    if (statistic === 'each') return 'A mark for each value.';
    const whiskers = {
      none: '',
      range: '; whiskers from the least to the greatest',
      interval: '; whiskers: 95 % confidence interval of the mean, by Student’s t',
    }[spread];
    return `A mark for the ${statistic} of n = ${n} values${whiskers}.`;
  },
  cells: (statistic, spread, n) => {
    if (statistic === 'each') return 'Each value.';
    const below = {
      none: '',
      range: '; below it the least and the greatest',
      interval: '; below it the 95 % confidence interval of the mean, by Student’s t',
    }[spread];
    return `The ${statistic} of n = ${n} values${below}.`;
  },
  leftOut: (count, of) => `${count} of ${of} values could not be read and ${count === 1 ? 'is' : 'are'} left out.`,
  moreMessages: (count) => `… ${count} more`,
  bytes: (count) => `${count} B`,
};

export const chineseChartLabels: ChartLabels = {
  statistics: { each: '数值', median: '中位数', mean: '均值' },
  ends: { range: ['最小', '最大'], interval: ['95 % 下限', '95 % 上限'] },
  quartiles: ['Q1', 'Q3'],
  outliers: '离群值',
  boxRule: '箱体：四分位数和中位数（第 7 型）。须线：至 1.5 倍箱长以内的最远值。标记：更远的值。',
  share: '不大于该值的数值所占比例',
  series: '系列',
  sources: { paper: '论文', post: '文章', RFC: 'RFC', documentation: '文档', own: '本研究' },
  paper: '论文',
  paperMarks: (paper) => `${paper}（空心，虚线）`,
  time: '时间 (s)',
  number: '序号',
  from: '发送方',
  to: '接收方',
  message: '报文',
  size: '字节',
  logarithmic: (label) => `${label}，对数刻度`,
  marks: (statistic, spread, n) => {
    if (statistic === 'each') return '每个数值一个标记。';
    const whiskers = {
      none: '',
      range: '；须线自最小值至最大值',
      interval: '；须线为均值的 95 % 置信区间（Student t 分布）',
    }[spread];
    return `每个标记为 n = ${n} 个数值的${statistic === 'median' ? '中位数' : '均值'}${whiskers}。`;
  },
  cells: (statistic, spread, n) => {
    if (statistic === 'each') return '每个数值。';
    const below = {
      none: '',
      range: '；下方为最小值和最大值',
      interval: '；下方为均值的 95 % 置信区间（Student t 分布）',
    }[spread];
    return `n = ${n} 个数值的${statistic === 'median' ? '中位数' : '均值'}${below}。`;
  },
  leftOut: (count, of) => `${of} 个数值中有 ${count} 个未能读取，未予绘出。`,
  moreMessages: (count) => `…… 另有 ${count} 条`,
  bytes: (count) => `${count} B`,
};
