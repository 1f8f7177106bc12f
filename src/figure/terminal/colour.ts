import type { CellColour, CellStyle } from './cells.ts';

/** Colours of one theme, as 0xRRGGBB. The sixteen ANSI colours are chosen to be legible on its background. */
export interface TerminalTheme {
  readonly background: number;
  readonly foreground: number;
  readonly ansi: readonly number[];
}

/** The colours of GitHub's own code blocks (Primer's `ansi` tokens), since that is what the figure stands among. */
export const lightTheme: TerminalTheme = {
  background: 0xffffff,
  foreground: 0x1f2328,
  ansi: [
    0x24292f, 0xcf222e, 0x116329, 0x4d2d00, 0x0969da, 0x8250df, 0x1b7c83, 0x6e7781, 0x57606a, 0xa40e26, 0x1a7f37,
    0x633c01, 0x0550ae, 0x6639ba, 0x136061, 0x656d76,
  ],
};

export const darkTheme: TerminalTheme = {
  background: 0x0d1117,
  foreground: 0xe6edf3,
  ansi: [
    0x8b949e, 0xff7b72, 0x3fb950, 0xd29922, 0x58a6ff, 0xbc8cff, 0x39c5cf, 0xb1bac4, 0x8b949e, 0xffa198, 0x56d364,
    0xe3b341, 0x79c0ff, 0xd2a8ff, 0x56d4dd, 0xffffff,
  ],
};

/** The palette where a program sets a background itself: xterm's, the same in both themes. */
const fixedAnsi = [
  0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff0000, 0x00ff00,
  0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
];

/** Difference in luma (0–255) below which a text counts as hard to read. */
const legibleDifference = 100;

/** The colours of a run in a theme; a text is never drawn in (almost) the colour that it stands on. */
export function runColours(style: CellStyle, theme: TerminalTheme): { foreground: number; background: number | null } {
  if (style.background === null) {
    const wanted = style.foreground === null ? theme.foreground : rgb(style.foreground, theme.ansi);
    return { foreground: legible(wanted, theme.background), background: null };
  }
  const background = rgb(style.background, fixedAnsi);
  const wanted = style.foreground === null ? background : rgb(style.foreground, fixedAnsi);
  return { foreground: legible(wanted, background), background };
}

/** `#rrggbb` */
export function cssColour(value: number): string {
  return `#${value.toString(16).padStart(6, '0')}`;
}

function rgb(colour: CellColour, ansi: readonly number[]): number {
  if (colour.by === 'rgb') return colour.value;
  const { index } = colour;
  if (index < 16) return ansi[index] ?? 0;
  if (index >= 232) return (8 + (index - 232) * 10) * 0x010101;
  const level = (step: number): number => (step === 0 ? 0 : 55 + step * 40);
  const cube = index - 16;
  return join(level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6));
}

/** `colour` itself, or moved towards black or white until its luma differs enough from the background's. */
function legible(colour: number, background: number): number {
  const ground = luma(background);
  if (Math.abs(luma(colour) - ground) >= legibleDifference) return colour;
  const towards = ground >= 128 ? 0 : 255;
  const wanted = ground >= 128 ? ground - legibleDifference : ground + legibleDifference;
  const share = (wanted - luma(colour)) / (towards - luma(colour));
  const move = (channel: number): number => Math.round(channel + (towards - channel) * share);
  return join(...channels(colour).map(move));
}

/** Rec. 601 luma, 0–255. */
function luma(colour: number): number {
  const [red, green, blue] = channels(colour);
  return (299 * red + 587 * green + 114 * blue) / 1000;
}

function channels(colour: number): [number, number, number] {
  return [colour >> 16, (colour >> 8) & 0xff, colour & 0xff];
}

function join(red = 0, green = 0, blue = 0): number {
  return (red << 16) | (green << 8) | blue;
}
