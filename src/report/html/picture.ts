/** An SVG as the source of an `<img>`: its style reaches nothing else of the page, and nothing of the page reaches it. */
export function pictureUri(svg: string): string {
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
}

/** Its attributes `width` and `height` in px, rounded, so that the page keeps the room for it. */
export function pictureSize(svg: string): string {
  const [, width, height] = /^<svg [^>]*?\bwidth="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? [];
  if (width === undefined || height === undefined) throw new Error('the picture does not say its size');
  return ` width="${Math.round(Number(width))}" height="${Math.round(Number(height))}"`;
}
