import type { LoggerInterface, Spec } from 'vega';

/**
 * What is used of Vega's scene: marks, and their items in the coordinates of the group that holds them. Its own
 * declarations (6.4.0) take the scene's holder for the scene and know nothing of the items of a text or a rule.
 */
export interface SceneMark {
  readonly marktype: string;
  /** `axis-grid`, `axis-label` …; `mark` for those of the specification. */
  readonly role: string;
  readonly items: readonly SceneItem[];
}

export interface SceneItem {
  readonly x?: number;
  readonly y?: number;
  readonly x2?: number;
  readonly y2?: number;
  readonly width?: number;
  readonly height?: number;
  /** Area of a symbol in px². */
  readonly size?: number;
  readonly fill?: string;
  readonly text?: string;
  readonly align?: string;
  readonly baseline?: string;
  /** The marks within a group. */
  readonly items?: readonly SceneMark[];
}

/** Loads Vega ahead of the first plot. */
export async function loadVega(): Promise<void> {
  await import('vega');
}

/**
 * Lets Vega lay a plot out, without drawing it: nothing of the result depends on fonts, on a canvas or on the locale.
 * Vega takes a while to load, and is loaded at the first plot, or ahead of it. Throws on whatever Vega would only warn of.
 */
export async function sceneOf(spec: Spec): Promise<SceneMark> {
  const { parse, View } = await import('vega');
  const view = new View(parse(spec), { renderer: 'none', logger: strict });
  try {
    await view.runAsync();
    return (view.scenegraph() as unknown as { readonly root: SceneMark }).root;
  } finally {
    view.finalize();
  }
}

const strict: LoggerInterface = {
  level: () => strict,
  error: refuse,
  warn: refuse,
  info: () => strict,
  debug: () => strict,
};

function refuse(...reasons: unknown[]): never {
  const [first] = reasons;
  throw first instanceof Error ? first : new Error(reasons.map(String).join(' '));
}
