import test from 'ava';
import { JournalReader } from '../../src/evidence/journal.ts';
import { readArrivals } from '../../src/evidence/arrivals.ts';
import { compareTexts } from '../../src/comparison/lines.ts';
import { jsonLine } from '../../src/core/terminal.ts';
import { echoed, forTerminal, lineOnTerminal, withoutControls } from '../../src/core/terminal-text.ts';
import { mutantsOf } from '../../src/audit/mutation/operators.ts';
import { escapeXml, printable } from '../../src/figure/svg/document.ts';
import { wrap } from '../../src/figure/svg/text-width.ts';
import { observe, parserNames, type Parse, type ParserName } from '../../src/observation/observe.ts';
import { GuestConsole } from '../../src/provider/guest-console.ts';
import { FrameReader } from '../../src/provider/sealed/frames.ts';
import { readLeftBehind } from '../../src/evidence/left-behind.ts';
import { renderTerminal } from '../../src/figure/terminal/render.ts';
import { matchesPattern } from '../../src/provider/ssh-host/patterns.ts';
import { asciicast } from '../../src/recording/asciicast.ts';
import { resetAfter } from '../../src/recording/reset.ts';
import { escapeHtml, escapeHtmlLine } from '../../src/report/html/escape.ts';
import { inlineMarkdown } from '../../src/report/html/inline-markdown.ts';
import { codeBlock, codeSpan, escapeInline, linkTarget, tableCell } from '../../src/report/markdown/escape.ts';
import { visibleLine } from '../../src/report/visible.ts';
import { readMachineState } from '../../src/run/machine-state.ts';
import { OutputLines } from '../../src/run/output-lines.ts';
import { interpreterOf } from '../../src/study/interpreter.ts';
import { textMaskNames } from '../../src/study/mask-names.ts';
import { mayXtrace, untraceable } from '../../src/study/untraceable.ts';

/** What a guest may print, or a study hold, again and again. */
const patterns = [
  '\r',
  '\rx',
  '\n',
  ' ',
  '\t',
  '`',
  'a`\n',
  '\u001b[',
  '\u001b]',
  'a\n',
  '\0',
  '\ufffd',
  'a',
  'word ',
  '    inet ',
  'dev ',
  '64 bytes from ',
  ' (a)',
  '<',
  '&',
  '\u0301',
  '1',
  ']]>',
  '*a_',
  '[a](',
  '\\',
  '/',
  'set ',
  'trap ',
  'refigure-guest: fault ',
];

/** What stands before and behind it for a parser to come to it at all. */
const around: Readonly<Record<ParserName, readonly [string, string]>> = {
  ping: [
    'PING 10.1.1.2 (10.1.1.2) 56(84) bytes of data.\n',
    '\n--- 10.1.1.2 ping statistics ---\n4 packets transmitted, 0 received, 100% packet loss, time 3000ms\n\n',
  ],
  links: ['1: lo: <LOOPBACK> mtu 65536 qdisc noop state DOWN \n    link/ether 00:00:00:00:00:00 ', '\n'],
  routes: ['10.1.1.0/24 dev tap0 ', '\n'],
  neighbours: ['10.1.1.2 dev veth0 ', '\n'],
  namespaces: ['nsid 0 ', '\n'],
  json: ['["', '"]\n'],
  csv: ['a,b\n1,"', '"\n'],
  tap: ['1..2\nok 1 ', '\n'],
  number: ['1', '\n'],
  tcpdump: ['00:00:01.000000 IP 10.1.1.1 > ', ': ICMP echo request, id 1, seq 1, length 64\n'],
};

const shapes: Readonly<Record<string, Parse>> = {
  'a pattern in each line': { regex: '(?<a>(?:\\w+ ?)+)(?<b>\\d+)$' },
  'a pattern in the whole': { regex: '(?<a>word)\\s+x', each: 'text' },
  'a number': { number: 'a (\\d+)' },
  'a table': { table: { header: 1 } },
};

function pieces(text: string, bytes: number): Buffer[] {
  const whole = Buffer.from(text);
  return Array.from({ length: Math.ceil(whole.length / bytes) }, (_, index) =>
    whole.subarray(index * bytes, (index + 1) * bytes),
  );
}

function readJournal(text: string, before: string): void {
  const reader = new JournalReader({ perOutput: 16 * 1024 * 1024, inAll: 64 * 1024 * 1024 });
  for (const piece of pieces(before + text, 1024)) reader.push(piece);
  reader.end();
}

const journalHeader = 'refigure-journal 2 n\n#n 1 step a study\n#n 2 command 1 c1\n';

const readers: Readonly<Record<string, (text: string) => unknown>> = {
  ...Object.fromEntries(
    parserNames.flatMap((name): [string, (text: string) => unknown][] => [
      [`the parser ${name}`, (text) => observe(name, text)],
      [`the parser ${name}, within a line`, (text) => observe(name, around[name].join(text))],
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(shapes).map(([what, shape]) => [what, (text: string): unknown => observe(shape, text)]),
  ),
  'the text of a command in a journal': (text) => {
    readJournal(text, journalHeader);
  },
  'the output of a command in a journal': (text) => {
    readJournal(text, `${journalHeader}true\n#n 3 run 1 1.0\n`);
  },
  'the times of arrival': (text) => readArrivals(`refigure-arrivals 1\n${text}`),
  'the console of a guest': (text) => {
    const guestConsole = new GuestConsole();
    guestConsole.hostKey().catch(() => undefined);
    for (const piece of pieces(text, 64)) guestConsole.push(piece);
    guestConsole.lastLines();
  },
  'the frames of a sealed guest': (text) => {
    const reader = new FrameReader(() => undefined);
    for (const piece of pieces(text, 4096)) reader.push(piece);
  },
  'the lines of an output as it comes': (text) => {
    const lines = new OutputLines(() => undefined);
    for (const piece of pieces(text, 64)) lines.add('both', piece);
    lines.end();
  },
  'the state of a machine': (text) => readMachineState(`link|${text.replaceAll('\n', '\nlink|')}\ndone|\n`),
  'what a terminal is left in': resetAfter,
  'a line of a picture': (text) => wrap(printable(text), 40),
  'what was typed': echoed,
  'a line of the progress': withoutControls,
  'a code block': (text) => codeBlock(text),
  'a code span': codeSpan,
  'text in Markdown': escapeInline,
  'a cell of a table': tableCell,
  'a link': linkTarget,
  'text in HTML': escapeHtml,
  'a line in HTML': escapeHtmlLine,
  'text in SVG': escapeXml,
  'text on a terminal': forTerminal,
  'a line on a terminal': lineOnTerminal,
  'a line of JSON': (text) => jsonLine({ text }),
  'a picture of a terminal': (text) =>
    renderTerminal({ title: 'x', transcript: [{ prompt: '#', command: 'x', output: Buffer.from(text) }] }),
  'a recording': (text) =>
    asciicast({ columns: 80, rows: 24, title: 'x', epochS: null }, [
      { atS: 0, text },
      { atS: 1, text },
    ]),
  'what is left behind': readLeftBehind,
  'a pattern of host names': (text) => matchesPattern(`*${text.slice(0, 64)}*x`, text),
  'what may be printed instead': (text) =>
    ['ping', 'links', 'routes', 'neighbours', 'namespaces', null].map((parse) => {
      const mutants = mutantsOf(parse as ParserName | null, text, [1]);
      return mutants.slice(0, 4).map(({ output }) => output().length);
    }),
  'visible text': visibleLine,
  'prose in HTML': inlineMarkdown,
  'a figure compared': (text) => compareTexts('x\ny\n', text, textMaskNames),
  'two long texts compared': (text) => compareTexts(`${text}\nx`, `y\n${text}`, textMaskNames),
  'a script': (text) => [untraceable(text, interpreterOf(text)), mayXtrace(text)],
};

/** Up to 128 KiB; REFIGURE_FLOOD_KIB=4096 goes on to 1 MiB against 4 MiB, which takes many minutes. */
const mostKiB = Number(process.env['REFIGURE_FLOOD_KIB'] ?? '128');
const sizesKiB = Array.from({ length: 8 }, (_, nth) => mostKiB / 4 ** nth)
  .filter((size) => size >= 4)
  .reverse();
/** Less than this may be noise, or the compiler. */
const floorMs = 60;

async function processorMs(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

for (const [name, read] of Object.entries(readers)) {
  test.serial(`the work for a flood grows no faster than the flood: ${name}`, async (t) => {
    t.timeout(300_000);
    for (const pattern of patterns) {
      let beforeMs = floorMs;
      for (const size of sizesKiB) {
        const text = pattern.repeat(Math.ceil((size * 1024) / pattern.length));
        const ms = await processorMs(() => read(text));
        const told = `${JSON.stringify(pattern)}, ${size} KiB: ${ms.toFixed(0)} ms, a quarter of it ${beforeMs.toFixed(0)} ms`;
        t.true(ms < 8 * beforeMs, told);
        // Four times as much would take for ever, or tell nothing new.
        if (ms >= 8 * beforeMs || ms > 1000) break;
        beforeMs = Math.max(ms, floorMs);
      }
    }
  });
}
