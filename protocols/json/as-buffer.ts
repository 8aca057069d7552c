/** The same memory as a `Buffer`, whose search is native (27 times faster than that of a `Uint8Array`). */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
