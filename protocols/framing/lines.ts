/** Bytes of a stream in, lines of text out, however the bytes are cut. */
import type { FrameDecoder } from './frame-decoder.ts'
import { FrameTooLong } from './frame-too-long.ts'

const LF = 0x0a
const CR = 0x0d
const BYTE_ORDER_MARK = 0xfeff
const SPARE_BYTES = 4096

/**
 * Splits at LF, CRLF and CR. A line is handed out without its end and as soon as that is read; a CR at the end of a
 * chunk ends its line at once, and an LF that follows it belongs to it. A byte order mark at the start is left out.
 *
 * No line end is ever part of a longer UTF-8 sequence, so complete lines are decoded and nothing else: there is no
 * half character to remember, and what becomes U+FFFD was broken on the wire.
 *
 * @param limitBytes of one line; a line that lies whole in one chunk is passed whatever its length.
 */
export function createLineDecoder(emitLine: (line: string) => void, limitBytes: number): FrameDecoder {
  const begun = createGrowingBuffer()
  let isStart = true
  let endedWithCr = false

  function splitLines(text: string): void {
    let start = 0
    if (isStart) {
      isStart = false
      if (text.charCodeAt(0) === BYTE_ORDER_MARK) start = 1
    }
    let lf = text.indexOf('\n', start)
    let cr = text.indexOf('\r', start)
    while (lf >= 0 || cr >= 0) {
      if (cr < 0 || (lf >= 0 && lf < cr)) {
        emitLine(text.slice(start, lf))
        start = lf + 1
      } else {
        emitLine(text.slice(start, cr))
        start = lf === cr + 1 ? cr + 2 : cr + 1
      }
      // Each is looked for again only when it was passed: a stream without CR is searched for it once per chunk.
      if (lf >= 0 && lf < start) lf = text.indexOf('\n', start)
      if (cr >= 0 && cr < start) cr = text.indexOf('\r', start)
    }
    if (start < text.length) emitLine(text.slice(start))
  }

  return {
    push(chunk) {
      if (chunk.length === 0) return
      const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
      const start = endedWithCr && bytes[0] === LF ? 1 : 0
      endedWithCr = bytes[bytes.length - 1] === CR
      const end = Math.max(bytes.lastIndexOf(LF), bytes.lastIndexOf(CR)) + 1
      if (end > start) {
        const text = begun.length === 0 ? bytes.toString('utf8', start, end) : begun.take(bytes, start, end)
        splitLines(text)
      }
      const rest = Math.max(start, end)
      if (begun.length + bytes.length - rest > limitBytes) throw new FrameTooLong(limitBytes)
      if (rest < bytes.length) begun.append(bytes, rest, bytes.length)
    },
    end() {
      if (begun.length > 0) splitLines(begun.take(Buffer.alloc(0), 0, 0))
    },
  }
}

interface GrowingBuffer {
  readonly length: number
  append(bytes: Buffer, start: number, end: number): void
  /** The text of all that was appended and of these bytes; empty afterwards. */
  take(bytes: Buffer, start: number, end: number): string
}

/** Doubles when full, so that a line that comes byte by byte is copied twice and not a million times. */
function createGrowingBuffer(): GrowingBuffer {
  let bytes = Buffer.alloc(0)
  let length = 0

  function append(more: Buffer, start: number, end: number): void {
    const needed = length + end - start
    if (needed > bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, 2 * bytes.length, SPARE_BYTES))
      bytes.copy(grown, 0, 0, length)
      bytes = grown
    }
    more.copy(bytes, length, start, end)
    length = needed
  }

  return {
    get length() {
      return length
    },
    append,
    take(more, start, end) {
      append(more, start, end)
      const text = bytes.toString('utf8', 0, length)
      length = 0
      // One huge line is no reason to hold its memory for the rest of a long stream.
      if (bytes.length > 16 * SPARE_BYTES) bytes = Buffer.alloc(0)
      return text
    },
  }
}
