/** Where a JSON text begins: behind a byte order mark, which editors write and RFC 8259 lets a reader ignore. */
export function startOfText(bytes: Uint8Array): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
}
