/** A picture, and the same in words. */
export interface Drawing {
  /** A complete SVG document, ended by a newline. */
  readonly svg: string;
  /** The same for those who cannot see it: plain text, not escaped for any format, not ended by a newline. */
  readonly text: string;
}
