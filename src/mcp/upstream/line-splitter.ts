/** Cuts the output of a stdio server into lines: at LF only, as U+2028 and U+2029 may stand unescaped in JSON (M73). */

const LF = 0x0a

export interface LineSplitter {
  push(chunk: Buffer): void
}

export interface LineSink {
  /** Without its LF; a CR before it is still there, which is white space to JSON. */
  line(bytes: Buffer): void
  /** A line outgrew the limit; nothing follows. */
  tooLong(): void
}

/** @param limitBytes of one line. */
export function createLineSplitter(limitBytes: number, sink: LineSink): LineSplitter {
  let begun: Buffer[] = []
  let begunBytes = 0
  let isOver = false

  function keep(piece: Buffer): void {
    begun.push(piece)
    begunBytes += piece.length
    if (begunBytes <= limitBytes) return
    isOver = true
    begun = []
    sink.tooLong()
  }

  return {
    push(chunk) {
      let start = 0
      for (let end = chunk.indexOf(LF); end >= 0 && !isOver; end = chunk.indexOf(LF, start)) {
        keep(chunk.subarray(start, end))
        if (isOver) return
        const line = begun.length === 1 ? chunk.subarray(start, end) : Buffer.concat(begun, begunBytes)
        begun = []
        begunBytes = 0
        start = end + 1
        sink.line(line)
      }
      if (start < chunk.length && !isOver) keep(chunk.subarray(start))
    },
  }
}
