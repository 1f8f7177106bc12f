import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import test from 'ava';
import { chineseLabels } from '../../src/figure/labels.ts';
import { renderTerminal, type TerminalOptions } from '../../src/figure/terminal/render.ts';
import { holds } from '../support/property.ts';
import { elementsOf, textsOf } from './xml.ts';

const fixture = (name: string): Uint8Array => readFileSync(new URL(`../fixtures/figure/${name}`, import.meta.url));
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const prompt = '[root@k8s-master ~]#';

async function shown(output: string | Uint8Array, options: Partial<TerminalOptions> & { markedLines?: number[] } = {}) {
  const { markedLines = [], ...rest } = options;
  const entry = { prompt, command: 'true', output: typeof output === 'string' ? bytes(output) : output, markedLines };
  const { svg, text } = await renderTerminal({ title: 'A title', transcript: [entry], ...rest });
  elementsOf(svg);
  return { svg, text, lines: text.split('\n').slice(1), drawn: textsOf(svg).slice(2) };
}

test('a real ping is shown as it was printed, after its prompt and command', async (t) => {
  const output = fixture('ping-unreachable.txt');
  const command = 'ip netns exec ns0 ping -c 5 10.1.1.2';
  const { svg, text } = await renderTerminal({ title: 'Figure 6', transcript: [{ prompt, command, output }] });
  t.is(`${text}\n`, `${prompt} ${command}\n${Buffer.from(output).toString()}`);
  t.deepEqual(textsOf(svg), [
    'Figure 6',
    ...text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.replace('# ip', '#ip')),
  ]);
});

test('a wrapped line takes two rows in the picture and one line in the text', async (t) => {
  const { lines, drawn } = await shown(fixture('ip-a-ns0.txt'), { columns: 80 });
  const long =
    '3: tap0: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1500 qdisc fq_codel state DOWN group default qlen 1000';
  t.true(lines.includes(long));
  t.false(drawn.includes(long));
  t.true(drawn.includes(long.slice(0, 80).trimEnd()));
});

test('a space at the end of a line is kept in the text', async (t) => {
  t.deepEqual((await shown('10.1.1.0/24 dev veth0 \n')).lines, ['10.1.1.0/24 dev veth0 ']);
});

test('blank lines stay, also at the end', async (t) => {
  t.deepEqual((await shown('a\n\nb\n\n')).lines, ['a', '', 'b', '']);
});

test('no output leaves the command alone', async (t) => {
  t.is((await shown('')).text, `${prompt} true`);
});

test('the same input gives the same bytes, whatever was drawn before', async (t) => {
  const first = await shown(fixture('ip-a-ns0.txt'), { markedLines: [7] });
  await shown('\x1b[31mother\n');
  t.deepEqual(await shown(fixture('ip-a-ns0.txt'), { markedLines: [7] }), first);
});

test('a carriage return writes over what stood in the line', async (t) => {
  t.deepEqual((await shown('  5%\r 50%\r100% done\n')).lines, ['100% done']);
});

test('tabs and wide characters keep the columns', async (t) => {
  const { svg, lines } = await shown('中文\t|\nab\t|\n');
  t.deepEqual(lines, ['中文    |', 'ab      |']);
  const bars = [...svg.matchAll(/<tspan x="([\d.]+)" textLength="[\d.]+">\|</g)].map(([, x]) => x);
  t.deepEqual(bars, ['82.4']); // In the first row the bar begins a run of its own, 8 columns in; in the second it does not.
  t.regex(svg, /textLength="31.2">中文</); // Four columns of 7.8 px.
});

test('colours and bold text are taken over, for both themes', async (t) => {
  const { svg, lines } = await shown('\x1b[1;31mfailed\x1b[0m \x1b[38;5;255mpale\x1b[0m\n');
  t.deepEqual(lines, ['failed pale']);
  t.regex(svg, /class="c0 bold">failed</);
  t.regex(svg, /\.c0 \{ fill: #cf222e; \}[^]*prefers-color-scheme: dark[^]*\.c0 \{ fill: #ff7b72; \}/);
  t.notRegex(svg, /\.c1 \{ fill: #eeeeee; \}[^]*prefers-color-scheme/, 'pale grey on white would be invisible');
});

test('text in the colour of its background, or concealed, is legible all the same', async (t) => {
  const { svg } = await shown('\x1b[30;40mblack on black\x1b[0m \x1b[8mconcealed\x1b[0m\n');
  t.regex(svg, /\.c0 \{ fill: #646464; \} \.b0 \{ fill: #000000; \}/);
  t.regex(svg, />concealed</);
});

test('markup, entities and direction overrides in a capture are text', async (t) => {
  const hostile = '<script>alert(1)</script> ]]> & &lt; "\' safe\u202eevil \u2066x\ufffe\ud800\n';
  const { svg, text } = await shown(hostile, { title: '</title><script>\u202e\x01', description: ']]>"' });
  t.false(elementsOf(svg).includes('script'));
  t.true(text.includes('<script>alert(1)</script> ]]> & &lt; "\' safe<U+202E>evil <U+2066>x'));
  t.notRegex(svg, /[\u202a-\u202e\u2066-\u2069]/);
});

test('no control sequence reaches the prompt, the command or another output', async (t) => {
  const spoof = bytes('\x1b[A\x1b[2K\x1b[H\x1b[3J\x1bc\x1b[?1049hspoofed\x1b[31m');
  const transcript = [
    { prompt, command: 'first', output: bytes('one\n') },
    { prompt, command: 'second \x1b[2J', output: spoof },
    { prompt, command: 'third', output: bytes('three\n') },
  ];
  const { text } = await renderTerminal({ title: 'T', transcript });
  t.deepEqual(text.split('\n'), [
    `${prompt} first`,
    'one',
    `${prompt} second ^[[2J`,
    'spoofed',
    `${prompt} third`,
    'three',
  ]);
});

test('clearing the screen or scrolling a part of it loses no line', async (t) => {
  const counted = Array.from({ length: 40 }, (_, index) => String(index + 1));
  const { lines } = await shown(`first\n\x1b[H\x1b[2J\x1b[3J\x1b[5;10r${counted.join('\n')}\n`);
  t.deepEqual(
    lines.filter((line) => line !== ''),
    ['first', ...counted],
  );
});

test('absurd repeat counts do not stall the emulator', async (t) => {
  const sequences = Array.from('@ILMPSTXZb', (final) => `x\x1b[2147483647${final}`).join('');
  t.true((await shown(`${sequences}\nend\n`)).lines.includes('end'));
});

test('deciding lines are marked, over all rows that they wrap to', async (t) => {
  const { svg } = await shown(`one\n${'x'.repeat(50)}\nthree\n`, { markedLines: [2], columns: 30 });
  t.is(svg.match(/<g class="mark">/g)?.length, 2);
  t.regex(svg, /<title>deciding line<\/title>/);
});

test('the middle of a long output is left out, and both the picture and the text say how much', async (t) => {
  const lines = Array.from({ length: 1000 }, (_, index) => `line ${index + 1}`);
  const figure = await shown(`${lines.join('\n')}\n`, { maxRows: 8, markedLines: [500] });
  t.deepEqual(figure.lines, [
    ...lines.slice(0, 6),
    '⋯ 493 more lines ⋯',
    'line 500',
    '⋯ 498 more lines ⋯',
    'line 999',
    'line 1000',
  ]);
  t.deepEqual(
    figure.drawn.filter((text) => text.includes('⋯')),
    figure.lines.filter((text) => text.includes('⋯')),
  );
});

test('an output as long as the limit is whole', async (t) => {
  const { lines } = await shown('x\n'.repeat(400));
  t.is(lines.length, 400);
  t.false(lines.some((line) => line.includes('⋯')));
});

test('what was left out is stated in the language of the labels', async (t) => {
  t.true((await shown('x\n'.repeat(10), { maxRows: 4, labels: chineseLabels })).text.includes('⋯ 另有 6 行 ⋯'));
});

test('10 MB of lines come out short, counted exactly, and in bounded memory', async (t) => {
  const output = bytes('y\n'.repeat(5_242_880));
  const before = process.memoryUsage().rss;
  const { svg, lines } = await shown(output, { markedLines: [2_000_000] });
  t.true(lines.includes('⋯ 1999699 more lines ⋯') && lines.includes('⋯ 3242780 more lines ⋯'));
  t.true(svg.length < 100_000);
  t.true(process.memoryUsage().rss - before < 400 * 2 ** 20);
});

test('10 MB without a line end are wrapped and shortened too', async (t) => {
  const { lines } = await shown(bytes('0123456789'.repeat(1_048_576)));
  t.is(lines[1], '⋯ 94926 more lines ⋯'); // ceil(10485760 / 110) rows, less 400.
});

test('a letter with endless accents is cut, visibly', async (t) => {
  const { svg, lines } = await shown(`a${'\u0301'.repeat(100_000)}b\n`);
  t.is(lines[0], `a${'\u0301'.repeat(7)}\ufffdb`);
  t.true(svg.length < 10_000);
});

test('no bytes break the picture', async (t) => {
  const byte = fc.oneof(fc.constant(0x1b), fc.nat(255), fc.nat(255));
  const output = fc.array(byte, { minLength: 1000, maxLength: 3000 }).map((list) => Uint8Array.from(list));
  const property = fc.asyncProperty(output, async (content) => {
    await shown(content, { maxRows: 50 });
  });
  await holds(t, property, 30);
});

for (const [name, introducer] of Object.entries({ 'ESC [': '\x1b[', 'U+009B': '\u009b' })) {
  test(`a short output that clears the screen again and again keeps every row, with ${name}`, async (t) => {
    const { text } = await shown(`${introducer}24H${`x${introducer}2J`.repeat(20)}`, { maxRows: 1000 });
    t.is(text.match(/x/g)?.length, 20);
  });
}

test('repeated clearing of a full screen loses no count of rows', async (t) => {
  const { text } = await shown('\x1b[24Hx\x1b[2J'.repeat(20_000));
  t.regex(text, /⋯ 479\d{3} more lines ⋯/);
});

test('a picture of 20,000 commands shows the first of them, and says how many are left out', async (t) => {
  const transcript = Array.from({ length: 20_000 }, (_, index) => ({
    prompt,
    command: `echo ${index}`,
    output: bytes(`${index}\n`),
  }));
  const { svg, text } = await renderTerminal({ title: 'A title', transcript });
  const lines = text.split('\n');
  t.true(lines.length < 5000);
  t.is(lines[0], `${prompt} echo 0`);
  const left = 20_000 - (lines.length - 1) / 2;
  t.is(lines.at(-1), `⋯ ${left} more commands ⋯`);
  t.true(textsOf(svg).includes(`⋯ ${left} more commands ⋯`));
  const chinese = await renderTerminal({ title: 'A title', transcript, labels: chineseLabels });
  t.true(chinese.text.endsWith(`⋯ 另有 ${left} 条命令 ⋯`));
});
