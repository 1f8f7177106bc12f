import { textRule } from '../svg/text-setting.ts';
import { textStyles, type Shape, type TextRole } from './shapes.ts';

/** Roles and shapes that not every picture has; their rules are left out where nothing needs them. */
const rareRoles: readonly TextRole[] = ['badge', 'number'];
const rareKinds: readonly Shape['kind'][] = ['ring', 'pill', 'highlight', 'disc', 'wire', 'halo', 'arrow'];

/** The rules of a picture, for a light page and for a dark one. */
export function themeRules(shapes: readonly Shape[]): { light: string; dark: string } {
  const isRare = shapes.some(
    (shape) =>
      rareKinds.includes(shape.kind) ||
      ('role' in shape && shape.role === 'route' && shape.kind === 'frame') ||
      ('tone' in shape && shape.tone === 'ghost') ||
      (shape.kind === 'link' && shape.isNew),
  );
  const isFeatured = shapes.some(({ kind }) => kind === 'tag' || kind === 'tunnel');
  const roles = Object.entries(textStyles).filter(
    ([role]) => isRare || isFeatured || !rareRoles.some((rare) => rare === role),
  );
  const sizes = roles.map(([role, style]) => textRule(role, style));
  const rare = (rules: string): string[] => (isRare ? [rules] : []);
  return {
    light: [
      `${sizes.join(' ')} ${sharedRules}`,
      coloursOf(light),
      ...rare(rareRules),
      ...rare(rareColoursOf(light)),
      ...(isFeatured ? [featureRules, featureColoursOf(light)] : []),
    ].join('\n'),
    dark: [coloursOf(dark), ...rare(rareColoursOf(dark)), ...(isFeatured ? [featureColoursOf(dark)] : [])].join('\n'),
  };
}

const sharedRules = `.frame { stroke-width: 1.25; } .namespace-frame { stroke-width: 1.5; } .noCarrier-frame { stroke-dasharray: 6 4; } .down-frame { stroke-dasharray: 1.5 4; stroke-linecap: round; } .link { fill: none; stroke-width: 3; stroke-linejoin: round; } .dead { stroke-width: 2; stroke-dasharray: 7 6; } .lamp { stroke-width: 1.75; fill: none; }`;
const rareRules = `.route-frame { stroke-width: 1; } .ghost-frame { stroke-dasharray: 3 4; } .ghost { text-decoration: line-through; } .ring { fill: none; stroke-width: 2; } .band { fill: none; stroke-width: 11; stroke-linecap: butt; } .wire { fill: none; stroke-width: 1.5; } .bus { stroke-width: 5; stroke-linecap: round; } .port { stroke-width: 2.5; } .arrow, .halo { fill: none; stroke-width: 2; stroke-linejoin: round; } .halo { stroke-width: 6; } .dead-arrow { stroke-dasharray: 4 4; }`;

const featureRules =
  '.tunnel { fill: none; stroke-width: 2.5; stroke-dasharray: 1 6; stroke-linecap: round; stroke-linejoin: round; }';

interface Palette {
  readonly text: string;
  readonly muted: string;
  readonly paper: string;
  readonly host: string;
  readonly box: string;
  readonly card: string;
  readonly line: string;
  readonly edge: string;
  readonly link: string;
  readonly up: string;
  readonly noCarrier: string;
  readonly down: string;
  /** What is new or changed; words on it; and behind words. */
  readonly change: string;
  readonly onChange: string;
  readonly changeTint: string;
  /** Of VLANs, behind the words of `onChange`: as many as vlan-tags.ts has. */
  readonly hues: readonly string[];
}

const light: Palette = {
  text: '#1f2328',
  muted: '#59636e',
  paper: '#ffffff',
  host: '#f6f8fa',
  box: '#ffffff',
  card: '#f6f8fa',
  line: '#d1d9e0',
  edge: '#818b98',
  link: '#0969da',
  up: '#1a7f37',
  noCarrier: '#9a6700',
  down: '#cf222e',
  change: '#8250df',
  onChange: '#ffffff',
  changeTint: '#ecd8ff',
  hues: ['#57606a', '#6e7781', '#0550ae', '#116329', '#1b7c83', '#99286e', '#953800'],
};

const dark: Palette = {
  text: '#f0f6fc',
  muted: '#9198a1',
  paper: '#0d1117',
  host: '#151b23',
  box: '#0d1117',
  card: '#151b23',
  line: '#3d444d',
  edge: '#656c76',
  link: '#4493f8',
  up: '#3fb950',
  noCarrier: '#d29922',
  down: '#f85149',
  change: '#be8fff',
  onChange: '#0d1117',
  changeTint: '#3c1e70',
  hues: ['#d0d7de', '#9198a1', '#79c0ff', '#7ee787', '#76e3ea', '#ff9bce', '#ffa657'],
};

function coloursOf(colour: Palette): string {
  const tones = (['up', 'noCarrier', 'down'] as const)
    .map(
      (tone) =>
        `.${tone} { fill: ${colour[tone]}; } .lamp.${tone} { stroke: ${colour[tone]}; } ${tone === 'up' ? '' : ` .${tone}-frame { stroke: ${colour[tone]}; }`}`,
    )
    .join(' ');
  return `text { fill: ${colour.text}; } .host, .caption, .kind, .route { fill: ${colour.muted}; } .words, .question { fill: ${colour.link}; } .paper { fill: ${colour.paper}; } .host-frame { fill: ${colour.host}; stroke: ${colour.line}; } .namespace-frame { fill: ${colour.box}; stroke: ${colour.edge}; } .device-frame { fill: ${colour.card}; stroke: ${colour.edge}; } .rule { stroke: ${colour.line}; } .link, .socket { stroke: ${colour.link}; } .plug { fill: ${colour.link}; } .socket { fill: ${colour.paper}; stroke-width: 2; stroke-dasharray: 4 3; } ${tones} .noCarrier.lamp, .down.lamp { fill: none; }`;
}

function rareColoursOf(colour: Palette): string {
  return `.route-frame { fill: ${colour.card}; stroke: ${colour.edge}; } .ghost { fill: ${colour.muted}; } .ghost-frame { fill: none; stroke: ${colour.edge}; } .ring { stroke: ${colour.change}; } .pill { fill: ${colour.change}; } .badge { fill: ${colour.onChange}; } .highlight { fill: ${colour.changeTint}; } .band { stroke: ${colour.changeTint}; } .disc { fill: ${colour.text}; } .number { fill: ${colour.paper}; } .wire { stroke: ${colour.edge}; } .arrow { stroke: ${colour.text}; } .tip { fill: ${colour.text}; } .changed-arrow { stroke: ${colour.change}; } .changed-tip { fill: ${colour.change}; } .halo { stroke: ${colour.box}; }`;
}

function featureColoursOf({ hues, link, onChange }: Palette): string {
  const tags = hues.map((hue, index) => `.hue-${index} { fill: ${hue}; }`);
  return `${tags.join(' ')} .badge { fill: ${onChange}; } .tunnel { stroke: ${link}; }`;
}
