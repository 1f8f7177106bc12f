import { noOwnMasks, replaceFinds, type OwnMasks } from './own-masks.ts';
import { textMaskNames, type TextMask, type TopologyMask } from '../study/mask-names.ts';

/** One of these, or of the study's own. */
export type MaskName = TextMask | TopologyMask | OwnMaskName;

/** Any other text; the union keeps the names apart for readers, and the compiler takes all of them. */
type OwnMaskName = string & {};

/** What no two runs have alike. The other masks would hide what a command is about. */
export const usualMasks: readonly TextMask[] = textMaskNames.filter(
  (mask) => mask !== 'line-order' && mask !== 'unreachable' && mask !== 'neighbour-states',
);

/** How often a mask hid a difference. */
export interface MaskCount {
  readonly mask: MaskName;
  readonly count: number;
}

interface Rule {
  readonly mask: Exclude<TextMask, 'line-order'>;
  /** Only on lines that it matches, as they stood. */
  readonly when?: RegExp;
  /** Global; the whole match is taken. Written for one line without its newline. */
  readonly pattern: RegExp;
  /** What stands for it; an expectation may be written with it. Empty: it is left out. */
  readonly placeholder: string;
  /** The whole line goes, not only what it held. */
  readonly line?: true;
}

/** A device that is up, and of whose carrier nothing is said: LOWER_UP and M-DOWN would come behind UP (ip-link(8)). */
const withoutCarrier = /^(?:<index>|[^<])*<(?:[A-Z_-]+,)*UP> /;

/** In the words of iproute2 4.11 to today and iputils s20160308 to today; see test/fixtures/observation. */
const rules: readonly Rule[] = [
  {
    mask: 'mac-addresses',
    // Not six groups out of an IPv6 address.
    pattern: /<mac>|(?<![\da-f:])(?:[\da-f]{2}:){5}[\da-f]{2}(?![\da-f:])/g,
    placeholder: '<mac>',
  },
  { mask: 'interface-indexes', pattern: /^(?:<index>|\d+)(?=: )|(?<=@if)(?:<index>|\d+)/g, placeholder: '<index>' },
  { mask: 'round-trip-times', pattern: /(?<=time[=<])(?:<rtt>|[\d.]+)(?= ms)/g, placeholder: '<rtt>' },
  {
    mask: 'round-trip-times',
    pattern: /(?<=^(?:rtt|round-trip) \S+ = )(?:<rtt>|[\d./]+)(?= ms)/g,
    placeholder: '<rtt>',
  },
  { mask: 'durations', pattern: /(?<=, time )(?:<time>|\d+)(?=ms$)/g, placeholder: '<time>' },
  {
    mask: 'kernel-wording',
    pattern:
      / linkdown\b| link-netnsid \d+| link-netns \S+| (?:qdisc|group|qlen) \S+| proto kernel_\S+|(?<![ \t])[ \t]+$/g,
    placeholder: '',
  },
  // iproute2 of old puts two blanks where an attribute is missing: `dev tap0  FAILED`. An indent says what a line is.
  { mask: 'kernel-wording', pattern: /(?<=[^ \t])[ \t]{2,}(?=[^ \t])/g, placeholder: ' ' },
  {
    mask: 'unreachable',
    pattern: /^From \S+ icmp_seq=\d+ Destination Host Unreachable$|^pipe \d+$/g,
    placeholder: '',
    line: true,
  },
  { mask: 'unreachable', pattern: /, \+\d+ errors(?=, )/g, placeholder: '' },
  // Right after a device without a carrier was set up, the kernel has not yet said so of it (linkwatch): it shows
  // `<BROADCAST,MULTICAST,UP> … state UNKNOWN`, and a moment later `<NO-CARRIER,BROADCAST,MULTICAST,UP> … state DOWN`.
  {
    mask: 'unsettled-carrier',
    when: withoutCarrier,
    pattern: /\bstate (?:<unsettled>|DOWN|UNKNOWN)/g,
    placeholder: 'state <unsettled>',
  },
  { mask: 'unsettled-carrier', when: withoutCarrier, pattern: /(?<=<)NO-CARRIER,/g, placeholder: '' },
  { mask: 'neighbour-states', pattern: /<reached>|\b(?:REACHABLE|STALE|DELAY|PROBE)\b/g, placeholder: '<reached>' },
  { mask: 'neighbour-states', pattern: /<unreached>|\b(?:FAILED|INCOMPLETE)\b/g, placeholder: '<unreached>' },
];

/** What a mask took away or replaced, as it stood there. */
export interface MaskedText {
  readonly mask: MaskName;
  readonly text: string;
}

export interface MaskedLine {
  /** As it stood, without its newline. */
  readonly original: string;
  /** null: the whole line was taken. */
  readonly masked: string | null;
  readonly taken: readonly MaskedText[];
}

/** Applies the masks to one line, in the order of the rules and not of `masks`; those of the study's own come last. */
export function maskLine(original: string, masks: ReadonlySet<MaskName>, own: OwnMasks = noOwnMasks): MaskedLine {
  const taken: MaskedText[] = [];
  let masked = original;
  for (const { mask, when, pattern, placeholder, line } of rules) {
    if (!masks.has(mask) || when?.test(original) === false) continue;
    const before = taken.length;
    masked = masked.replaceAll(pattern, (text) => {
      taken.push({ mask, text });
      return placeholder;
    });
    if (line && taken.length > before) return { original, masked: null, taken };
  }
  for (const [mask, replacing] of own) {
    if (!masks.has(mask)) continue;
    const { text, finds } = replaceFinds(masked, replacing);
    taken.push(...finds.map((found) => ({ mask, text: found })));
    masked = text;
  }
  return { original, masked, taken };
}
