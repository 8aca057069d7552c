/** Tells where in a relayed stream of server-sent events something may be put between two of them. */
export interface SseBoundary {
  push(chunk: Uint8Array): void
  /** At the start of the stream, or after a blank line. */
  readonly between: boolean
}

const LF = 0x0a
const CR = 0x0d

/** Looks at the last three bytes of each chunk and at nothing else. Never throws. */
export function createSseBoundary(): SseBoundary {
  // Nothing was begun before the start, just as after a blank line.
  let beforeLast = LF
  let middle = LF
  let last = LF
  return {
    push(chunk) {
      for (let at = Math.max(0, chunk.length - 3); at < chunk.length; at++) {
        beforeLast = middle
        middle = last
        last = chunk[at] ?? 0
      }
    },
    get between() {
      if (!isLineEnd(last)) return false
      // CRLF is one line end: the one before it decides.
      return isLineEnd(last === LF && middle === CR ? beforeLast : middle)
    },
  }
}

function isLineEnd(byte: number): boolean {
  return byte === LF || byte === CR
}
