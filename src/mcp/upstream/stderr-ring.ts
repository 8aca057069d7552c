/** The last words of a server on its standard error, for admins and for the error of a failed start (M90). */

export interface StderrRing {
  append(bytes: Buffer | string): void
  /** What is still there, from the beginning of a line on where something was forgotten. */
  read(): string
  /** The last lines, for an error message. */
  tail(lines: number): string
}

/** @param limitBytes beyond which the oldest is forgotten. */
export function createStderrRing(limitBytes = 64 * 1024): StderrRing {
  let pieces: Buffer[] = []
  let bytes = 0
  let forgot = false

  function read(): string {
    const text = Buffer.concat(pieces, bytes)
      .subarray(Math.max(0, bytes - limitBytes))
      .toString('utf8')
    return forgot ? text.slice(text.indexOf('\n') + 1) : text
  }

  return {
    append(given) {
      const piece = Buffer.from(given)
      pieces.push(piece)
      bytes += piece.length
      if (bytes > limitBytes) forgot = true
      // Joined now and then only, so that a flood of single bytes costs no more than one of lines.
      if (bytes < 2 * limitBytes && pieces.length < 1024) return
      const kept = Buffer.concat(pieces, bytes).subarray(Math.max(0, bytes - limitBytes))
      pieces = [kept]
      bytes = kept.length
    },
    read,
    tail: (lines) => read().trimEnd().split('\n').slice(-lines).join('\n'),
  }
}
