/**
 * Amazon's binary framing of streams, `application/vnd.amazon.eventstream`: lengths and sums around headers and a payload.
 *
 * @see https://smithy.io/2.0/aws/amazon-eventstream.html
 */
import { BrokenFrame } from './broken-frame.ts'
import type { FrameDecoder } from './frame-decoder.ts'
import { FRAME_LIMIT_BYTES, FrameTooLong } from './frame-too-long.ts'

export interface EventMessage {
  /** Those that are text; what is written in another type has no meaning to anybody here. */
  readonly headers: ReadonlyMap<string, string>
  /** Valid until the function that takes it returns. */
  readonly payload: Buffer
}

/** Two lengths and their sum. */
const PRELUDE_BYTES = 12
const SUM_BYTES = 4

/**
 * @param take hears each message at once.
 * @returns a decoder whose `push` and `end` throw BrokenFrame for bytes that are damaged or end in the middle of a message.
 */
export function createEventStreamDecoder(
  take: (message: EventMessage) => void,
  limitBytes: number = FRAME_LIMIT_BYTES,
): FrameDecoder {
  let held: Buffer = Buffer.alloc(0)

  return {
    push(chunk) {
      const bytes = held.length === 0 ? Buffer.from(chunk) : Buffer.concat([held, chunk])
      let at = 0
      while (bytes.length - at >= PRELUDE_BYTES) {
        const length = readLength(bytes, at)
        if (length > limitBytes) throw new FrameTooLong(limitBytes)
        if (bytes.length - at < length) break
        take(readMessage(bytes.subarray(at, at + length)))
        at += length
      }
      held = bytes.subarray(at)
    },
    end() {
      if (held.length > 0) throw new BrokenFrame('it ends in the middle of a message')
    },
  }
}

/** Checked before anything waits for so many bytes. */
function readLength(bytes: Buffer, at: number): number {
  if (sumOf(bytes.subarray(at, at + PRELUDE_BYTES - SUM_BYTES)) !== bytes.readUInt32BE(at + 8)) {
    throw new BrokenFrame('the sum over the lengths of a message is wrong')
  }
  const length = bytes.readUInt32BE(at)
  const rest = length - PRELUDE_BYTES - SUM_BYTES
  if (rest < 0 || bytes.readUInt32BE(at + 4) > rest)
    throw new BrokenFrame('the lengths of a message contradict each other')
  return length
}

function readMessage(bytes: Buffer): EventMessage {
  const end = bytes.length - SUM_BYTES
  if (sumOf(bytes.subarray(0, end)) !== bytes.readUInt32BE(end))
    throw new BrokenFrame('the sum over a message is wrong')
  const payloadStart = PRELUDE_BYTES + bytes.readUInt32BE(4)
  return {
    headers: readHeaders(bytes.subarray(PRELUDE_BYTES, payloadStart)),
    payload: bytes.subarray(payloadStart, end),
  }
}

/** Bytes of a value by the number of its type; those of types 6 and 7 are told by two bytes in front. */
const SIZES: readonly (number | undefined)[] = [0, 0, 1, 2, 4, 8, undefined, undefined, 8, 16]
const TEXT = 7

function readHeaders(bytes: Buffer): ReadonlyMap<string, string> {
  const headers = new Map<string, string>()
  try {
    let at = 0
    while (at < bytes.length) {
      const nameEnd = at + 1 + bytes.readUInt8(at)
      const name = bytes.toString('utf8', at + 1, nameEnd)
      const type = bytes.readUInt8(nameEnd)
      if (type >= SIZES.length) throw new BrokenFrame(`a header is of the unknown type ${type}`)
      const isTold = SIZES[type] === undefined
      const start = nameEnd + (isTold ? 3 : 1)
      const end = start + (SIZES[type] ?? bytes.readUInt16BE(nameEnd + 1))
      if (end > bytes.length) throw new BrokenFrame('a header is longer than all of them')
      if (type === TEXT) headers.set(name, bytes.toString('utf8', start, end))
      at = end
    }
  } catch (error) {
    if (error instanceof RangeError) throw new BrokenFrame('a header is cut off')
    throw error
  }
  return headers
}

/** CRC-32 as in Ethernet and zip, reflected. */
const POLYNOMIAL = 0xedb88320
const STEPS = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte
  for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ POLYNOMIAL : sum >>> 1
  return sum
})

function sumOf(bytes: Buffer): number {
  let sum = 0xffffffff
  for (const byte of bytes) sum = (sum >>> 8) ^ (STEPS[(sum ^ byte) & 0xff] ?? 0)
  return (sum ^ 0xffffffff) >>> 0
}
