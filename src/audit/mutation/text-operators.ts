import { eachMatch, mutant, ofEachLine, otherAddress, type Operator } from './mutant.ts';

/** What may be done to any text. */

const nothing: Operator = ({ lines }) =>
  lines.length === 0 || lines.join('') === '' ? [] : [mutant('nothing is printed', [...lines.keys()], () => [])];

const cutOff: Operator = ({ lines }) => {
  const half = Math.floor(lines.length / 2);
  const rest = lines.slice(half).flatMap((_, at) => half + at);
  return lines.length < 2 ? [] : [mutant('cut off in the middle', rest, () => lines.slice(0, half))];
};

export const lineGone: Operator = ({ lines, places }) =>
  places.filter((at) => lines[at] !== '').map((at) => mutant('without a line', [at], () => lines.toSpliced(at, 1)));

export const lineTwice: Operator = ({ lines, places }) =>
  places
    .filter((at) => lines[at] !== '')
    .map((at) => mutant('a line twice', [at], () => lines.toSpliced(at, 0, lines[at] ?? '')));

const addresses =
  /(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[\da-f]{2}(?::[\da-f]{2}){5}|[\da-f]{0,4}(?::[\da-f]{0,4}){2,7})(?![\w:])/gi;
const otherAddresses = ofEachLine('another address', (line) =>
  eachMatch(line, addresses, (address) => [otherAddress(address)]),
);

const numbers = /(?<![\w.])-?\d+(?:\.\d+)?(?![\w]|\.\d)/g;
const otherNumbers = ofEachLine('another number', (line) =>
  eachMatch(line, numbers, (number) => ['0', String(Number(number) + 1), String(Number(number) * 1000)]),
);

const words = /[A-Za-z_][\w-]*/g;
const opposites = new Map(
  [
    ['true', 'false'],
    ['ok', 'not ok'],
    ['yes', 'no'],
    ['up', 'down'],
    ['UP', 'DOWN'],
    ['pass', 'fail'],
    ['PASS', 'FAIL'],
    ['on', 'off'],
    ['accept', 'drop'],
    ['request', 'reply'],
  ].flatMap(([one = '', other = '']) => [
    [one, other],
    [other, one],
  ]),
);
const otherWords = ofEachLine('another word', (line) =>
  eachMatch(line.replaceAll(/\bnot ok\b/g, 'not_ok'), words, (word) => [
    opposites.get(word.replace('_', ' ')) ?? `other-${word}`,
  ]).map((text) => text.replaceAll('not_ok', 'not ok')),
);

export const wholeOperators: readonly Operator[] = [nothing, cutOff];

/** For what is read by no tool's own reader. */
export const textOperators: readonly Operator[] = [lineGone, lineTwice, otherAddresses, otherNumbers, otherWords];
