import { seriesInks, type SeriesInk } from './series-shapes.ts';

/**
 * Colours of GitHub's Primer, each with three times the luminance of the frame's ground, or a third of it, in an order in
 * which neighbours differ for every colour vision; the form of the mark says the same.
 */
export const seriesThemes: Readonly<Record<'light' | 'dark', Readonly<Record<SeriesInk, string>>>> = {
  light: {
    s1: '#0969da',
    s2: '#bc4c00',
    s3: '#1b7c83',
    s4: '#8250df',
    s5: '#9a6700',
    s6: '#bf3989',
    s7: '#1a7f37',
    s8: '#59636e',
    paper: '#59636e',
    reference: '#818b98',
    ink: '#1f2328',
  },
  dark: {
    s1: '#4493f8',
    s2: '#f0883e',
    s3: '#39c5cf',
    s4: '#ab7df8',
    s5: '#d29922',
    s6: '#db61a2',
    s7: '#3fb950',
    s8: '#9198a1',
    paper: '#9198a1',
    reference: '#656c76',
    ink: '#f0f6fc',
  },
};

/** The strokes on the bars of each series but the first: a bar has no mark that could tell it. */
const tiles: Readonly<Partial<Record<SeriesInk, string>>> = {
  s2: 'M-2 2l4 -4M0 8l8 -8M6 10l4 -4',
  s3: 'M-2 6l4 4M0 0l8 8M6 -2l4 4',
  s4: 'M2 2h1M6 6h1',
  s5: 'M0 4h8',
  s6: 'M4 0v8',
  s7: 'M0 4h8M4 0v8',
  s8: 'M0 0l8 8M0 8l8 -8',
};

export function seriesDefinitions(occurring: ReadonlySet<string>): string[] {
  const drawn = seriesInks.flatMap((ink) => {
    const strokes = tiles[ink];
    if (strokes === undefined || !occurring.has(ink)) return [];
    return `<pattern id="tile-${ink}" class="series-tile ${ink}" width="8" height="8" patternUnits="userSpaceOnUse"><path d="${strokes}"/></pattern>`;
  });
  return drawn.length === 0 ? [] : ['<defs>', ...drawn, '</defs>'];
}

const shared =
  '.curve, .whisker, .arrow { fill: none; stroke-width: 1.5; } .dashed { stroke-dasharray: 5 4; } .mark { stroke-width: 1.5; } ' +
  '.stroked { fill: none; stroke-width: 2; } .column { stroke-width: 1.25; } .series-tile path { fill: none; stroke-width: 1.75; }';

/** The rules of the inks that occur, for a light theme (with those for both) or a dark one. */
export function seriesRules(theme: 'light' | 'dark', occurring: ReadonlySet<string>, ground: string): string {
  const colours = seriesThemes[theme];
  const inks = (Object.keys(colours) as SeriesInk[]).filter((ink) => occurring.has(ink));
  const rules = inks.map((ink) => {
    const colour = colours[ink];
    const fill = tiles[ink] === undefined ? colour : `url(#tile-${ink})`;
    return `.${ink} { stroke: ${colour}; } .mark.${ink} { fill: ${colour}; } .column.${ink} { fill: ${fill}; } .series-tile.${ink} path { stroke: ${colour}; }`;
  });
  const open = `.mark.hollow, .column.open, .veil { fill: ${ground}; } .mark.stroked { fill: none; }`;
  return [...(theme === 'light' ? [shared] : []), ...rules, open].join(' ');
}
