/** A JSON array that grows: its elements are handed out as each of them is complete. */
import type { FrameDecoder } from './frame-decoder.ts'
import { FRAME_LIMIT_BYTES, FrameTooLong } from './frame-too-long.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d

/**
 * Hands out the text of each object in the outermost array; an object that stands alone is taken for such an array of one.
 * What else stands there (commas, white space, bare numbers) says nothing. Whether an object's inside is JSON, its reader
 * finds out. One that is never closed is not handed out.
 *
 * @param limitBytes of one object.
 */
export function createJsonArrayDecoder(emit: (json: string) => void, limitBytes = FRAME_LIMIT_BYTES): FrameDecoder {
  /** Pieces of the object that is open, copied out of the chunks that they came in. */
  let begun: Buffer[] = []
  let begunBytes = 0
  let depth = 0
  let inString = false
  let escaped = false

  function keep(bytes: Buffer, start: number, end: number): void {
    begunBytes += end - start
    if (begunBytes > limitBytes) throw new FrameTooLong(limitBytes)
    begun.push(Buffer.from(bytes.subarray(start, end)))
  }

  function handOut(bytes: Buffer, start: number, end: number): void {
    if (begun.length === 0) {
      emit(bytes.toString('utf8', start, end))
      return
    }
    keep(bytes, start, end)
    const whole = Buffer.concat(begun)
    begun = []
    begunBytes = 0
    emit(whole.toString('utf8'))
  }

  return {
    push(chunk) {
      const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
      let start = 0
      for (let at = 0; at < bytes.length; at++) {
        const byte = bytes[at]
        if (inString) {
          if (escaped) escaped = false
          else if (byte === BACKSLASH) escaped = true
          else if (byte === QUOTE) inString = false
        } else if (byte === QUOTE) {
          inString = true
        } else if (byte === OPEN_BRACE || (byte === OPEN_BRACKET && depth > 0)) {
          if (depth === 0) start = at
          depth++
        } else if ((byte === CLOSE_BRACE || byte === CLOSE_BRACKET) && depth > 0) {
          depth--
          if (depth === 0) handOut(bytes, start, at + 1)
        }
      }
      if (depth > 0) keep(bytes, start, bytes.length)
    },
    end() {},
  }
}

/** Writes such an array, piece by piece. */
export interface JsonArrayWriter {
  /** @param json complete JSON text. */
  element(json: string): string
  /** The end of the array; of an empty one all of it. */
  end(): string
}

export function createJsonArrayWriter(): JsonArrayWriter {
  let isEmpty = true
  return {
    element(json) {
      const before = isEmpty ? '[' : ',\n'
      isEmpty = false
      return before + json
    },
    end: () => (isEmpty ? '[]\n' : ']\n'),
  }
}
