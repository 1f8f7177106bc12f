/** Names of the elements of a document, in order; throws where it is not well-formed. Enough XML for what is drawn here. */
export function elementsOf(xml: string): string[] {
  if (/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(xml))
    throw new Error('a character that XML refuses');
  const names: string[] = [];
  const open: string[] = [];
  let position = 0;
  while (position < xml.length) {
    const tagStart = xml.indexOf('<', position);
    checkText(xml.slice(position, tagStart < 0 ? xml.length : tagStart));
    if (tagStart < 0) break;
    const tag = /^<(?:\/([\w:]+)|([\w:]+)((?: [\w:-]+="[^"<]*")*)(\/?))>/.exec(
      xml.slice(tagStart, xml.indexOf('>', tagStart) + 1),
    );
    if (tag === null) throw new Error(`no tag: ${xml.slice(tagStart, tagStart + 80)}`);
    const [whole, closed, opened, attributes = '', selfClosing] = tag;
    checkText(attributes);
    if (opened !== undefined) {
      names.push(opened);
      if (selfClosing === '') open.push(opened);
    } else if (open.pop() !== closed) throw new Error(`</${closed ?? ''}> closes nothing`);
    position = tagStart + whole.length;
  }
  if (open.length > 0) throw new Error(`never closed: ${open.join(', ')}`);
  return names;
}

/** What a reader sees of the `<text>` elements, one string each. */
export function textsOf(svg: string): string[] {
  return [...svg.matchAll(/<text [^>]*>(.*?)<\/text>/g)].map(([, content = '']) =>
    content
      .replace(/<[^>]*>/g, '')
      .replace(
        /&(lt|gt|quot|apos|amp);/g,
        (_, name: string) => ({ lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' })[name] ?? '',
      ),
  );
}

/** The room of a text, and its class. */
export interface TextBox {
  readonly text: string;
  readonly role: string;
  readonly x: number;
  readonly width: number;
  readonly top: number;
  readonly bottom: number;
}

/** Sizes of the roles whose text is not of 12 px. */
const sizes: Readonly<Record<string, number>> = { title: 15, name: 13, value: 13 };

/** Where the `<text>` elements stand: from the top of their letters to the lowest. */
export function textBoxesOf(svg: string): TextBox[] {
  const texts = textsOf(svg);
  const places = [...svg.matchAll(/<text class="(\w+)" x="([^"]*)" y="([^"]*)" textLength="([^"]*)"/g)];
  return places.map(([, role = '', x, y, width], index) => {
    const size = sizes[role] ?? 12;
    const bottom = Number(y) + 0.17 * size;
    return { text: texts[index] ?? '', role, x: Number(x), width: Number(width), top: bottom - size, bottom };
  });
}

function checkText(text: string): void {
  if (/&(?!(?:amp|lt|gt|quot|apos);)/.test(text)) throw new Error(`a bare & in: ${text.slice(0, 80)}`);
}
