/** A string as SSH sends it, with its length before it (RFC 4251, section 5). */
export function sshString(content: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, content]);
}

/** What a public key says of its own type (RFC 4253, section 6.6); empty where it says nothing. */
export function keyType(publicKey: Buffer): string {
  return publicKey.length < 4 ? '' : publicKey.toString('latin1', 4, 4 + publicKey.readUInt32BE(0));
}

/** Reads one thing after another; each method throws RangeError where the bytes are cut off. */
export class WireReader {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, from = 0) {
    this.#bytes = bytes;
    this.#at = from;
  }

  number(): number {
    this.#at += 4;
    return this.#bytes.readUInt32BE(this.#at - 4);
  }

  string(): Buffer {
    const length = this.number();
    if (this.#at + length > this.#bytes.length) throw new RangeError('the bytes are cut off');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}
