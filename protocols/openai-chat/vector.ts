/** A vector as base64: the little-endian bytes of its numbers. */

const BYTES_PER_FLOAT = 4
/** What a component of an embedding can be; the bytes of small integers, taken for floats, soon leave these bounds. */
const LARGEST = 1e6
const SMALLEST = 1e-20

/**
 * The numbers that these bytes hold, each exactly. Usually they are 32-bit floats; Perplexity sends one signed byte each
 * and does not say so (Q35), which is seen by what they would be as floats.
 */
export function decodeVector(base64: string): number[] {
  const bytes = Buffer.from(base64, 'base64')
  const floats = readFloats(bytes)
  return floats ?? [...new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)]
}

function readFloats(bytes: Buffer): number[] | undefined {
  if (bytes.length % BYTES_PER_FLOAT !== 0) return undefined
  const numbers: number[] = []
  for (let at = 0; at < bytes.length; at += BYTES_PER_FLOAT) {
    const number = bytes.readFloatLE(at)
    const size = Math.abs(number)
    if (size !== 0 && !(size >= SMALLEST && size <= LARGEST)) return undefined
    numbers.push(number)
  }
  return numbers
}

/** Exact for numbers that are 32-bit floats, as all are that come from a model; others are rounded to one. */
export function encodeVector(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * BYTES_PER_FLOAT)
  for (const [index, number] of vector.entries()) bytes.writeFloatLE(number, index * BYTES_PER_FLOAT)
  return bytes.toString('base64')
}
