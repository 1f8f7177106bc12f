/** What stands before a packet, in s, the part of a second apart: an epoch with its ns has more digits than a number. */
export interface Stamp {
  readonly whole: number;
  readonly part: number;
  readonly form: 'clock' | 'epoch' | 'date';
}

const clock = /^(?: )?(\d{2}):(\d{2}):(\d{2})(\.\d{6,9}) /;
const epoch = /^(\d{1,11})(\.\d{6,9}) /;
const date = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})(\.\d{6,9}) /;

/** The time before a packet, and what stands behind it. */
export function withoutStamp(text: string): { readonly stamp: Stamp | null; readonly text: string } {
  const [byDate, byEpoch, byClock] = [date.exec(text), epoch.exec(text), clock.exec(text)];
  if (byDate !== null) {
    const [all, day = '', time = '', part = ''] = byDate;
    const whole = Date.parse(`${day}T${time}Z`) / 1000;
    return { stamp: { whole, part: Number(part), form: 'date' }, text: text.slice(all.length) };
  }
  if (byEpoch !== null) {
    const [all, whole, part] = byEpoch;
    return { stamp: { whole: Number(whole), part: Number(part), form: 'epoch' }, text: text.slice(all.length) };
  }
  if (byClock === null) return { stamp: null, text };
  const [all, hours, minutes, seconds, part] = byClock;
  const whole = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return { stamp: { whole, part: Number(part), form: 'clock' }, text: text.slice(all.length) };
}

const day = 86_400;

/**
 * The time of each packet in s since the first, to 1 ns; null where that is not told. A first time of 0 is that of `-ttt`, where each
 * counts from the one before, or of `-ttttt`, where all count from the first. Where the later ones may be either, none of
 * them is told. A clock that goes back has passed midnight.
 */
export function stampsOf(stamps: readonly (Stamp | null)[]): readonly (number | null)[] {
  const [first] = stamps;
  if (first === undefined || first === null) return stamps.map(() => null);
  // The difference of the whole seconds is exact.
  const seconds = stamps.map((stamp) => (stamp === null ? null : stamp.whole - first.whole + stamp.part - first.part));
  if (first.form !== 'clock' || first.whole + first.part > 0) return overMidnight(seconds);
  const grows = seconds.every((each, at) => each !== null && each >= (seconds[at - 1] ?? 0));
  if (grows && seconds.length > 2) return seconds.map((_, at) => (at === 0 ? 0 : null));
  let sum = 0;
  return seconds.map((each) => (each === null ? null : rounded((sum += each))));
}

function overMidnight(seconds: readonly (number | null)[]): (number | null)[] {
  let days = 0;
  let last = 0;
  return seconds.map((each) => {
    if (each === null) return null;
    if (last - each > day / 2) days += 1;
    last = each;
    return rounded(each + days * day);
  });
}

/** To 1 ns. */
export function rounded(seconds: number): number {
  return Math.round(seconds * 1e9) / 1e9;
}
