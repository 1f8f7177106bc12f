import { textRule } from '../svg/text-setting.ts';
import { plotTextStyles, type Ink } from './shapes.ts';

/** Colours of one theme; those of the inks have three times the luminance of the frame's ground, or a third of it. */
export type PlotTheme = Readonly<Record<Ink | 'text' | 'muted' | 'paper' | 'ground' | 'line' | 'axis', string>>;

/** Blue, orange, teal and grey of GitHub's Primer, told apart with any colour vision; each has its pattern besides. */
export const plotThemes: Readonly<Record<'light' | 'dark', PlotTheme>> = {
  light: {
    text: '#1f2328',
    muted: '#59636e',
    paper: '#ffffff',
    ground: '#f6f8fa',
    line: '#d1d9e0',
    axis: '#818b98',
    received: '#0969da',
    lost: '#bc4c00',
    boot: '#1b7c83',
    commands: '#0969da',
    waiting: '#bc4c00',
    overhead: '#59636e',
    other: '#59636e',
  },
  dark: {
    text: '#f0f6fc',
    muted: '#9198a1',
    paper: '#0d1117',
    ground: '#151b23',
    line: '#3d444d',
    axis: '#656c76',
    received: '#4493f8',
    lost: '#f0883e',
    boot: '#39c5cf',
    commands: '#4493f8',
    waiting: '#f0883e',
    overhead: '#9198a1',
    other: '#9198a1',
  },
};

type Pattern = 'solid' | 'rising' | 'falling' | 'dots' | 'empty';

const patterns: Readonly<Record<Ink, Pattern>> = {
  received: 'solid',
  lost: 'rising',
  boot: 'falling',
  commands: 'solid',
  waiting: 'rising',
  overhead: 'dots',
  other: 'empty',
};
const inks = Object.keys(patterns) as Ink[];

/** Strokes of one tile of a pattern, 6 px wide and high. */
const tiles = {
  rising: { size: 6, strokes: '<path d="M-1 1l2 -2M0 6l6 -6M5 7l2 -2"/>' },
  falling: { size: 6, strokes: '<path d="M-1 5l2 2M0 0l6 6M5 -1l2 2"/>' },
  dots: { size: 4, strokes: '<path d="M1 2h2"/>' },
} as const;

/** The patterns of the inks that occur. */
export function inkDefinitions(occurring: ReadonlySet<Ink>): string[] {
  const drawn = inks.flatMap((ink) => {
    const pattern = patterns[ink];
    if (!occurring.has(ink) || pattern === 'solid' || pattern === 'empty') return [];
    const { size, strokes } = tiles[pattern];
    return `<pattern id="${ink}" class="tile ${ink}" width="${size}" height="${size}" patternUnits="userSpaceOnUse">${strokes}</pattern>`;
  });
  return drawn.length === 0 ? [] : ['<defs>', ...drawn, '</defs>'];
}

const sizeRules = Object.entries(plotTextStyles)
  .map(([role, style]) => textRule(role, style))
  .join(' ');
const sharedRules = `${sizeRules} .frame { stroke-width: 1.25; } .grid, .axis { fill: none; } .bar { stroke-width: 1.25; } .tile path { fill: none; stroke-width: 2; } .cross { fill: none; stroke-width: 2; } .small { stroke-width: 1; }`;

export const plotRules = {
  light: [sharedRules, themeRules(plotThemes.light)].join('\n'),
  dark: themeRules(plotThemes.dark),
};

function themeRules(colour: PlotTheme): string {
  const inkRules = inks
    .map((ink) => {
      const fill = { solid: colour[ink], empty: 'none' }[patterns[ink] as string] ?? `url(#${ink})`;
      return `.bar.${ink} { fill: ${fill}; stroke: ${colour[ink]}; } .tile.${ink} path { stroke: ${colour[ink]}; }`;
    })
    .join(' ');
  return `text { fill: ${colour.text}; } .caption, .tick { fill: ${colour.muted}; } .lane { fill: ${colour.lost}; } .paper { fill: ${colour.paper}; } .frame { fill: ${colour.ground}; stroke: ${colour.line}; } .grid { stroke: ${colour.line}; } .axis { stroke: ${colour.axis}; } .packet { fill: ${colour.received}; } .cross { stroke: ${colour.lost}; } ${inkRules}`;
}
