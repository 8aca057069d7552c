import { startOfText } from './start-of-text.ts'

/** A text is not the JSON that it ought to be; says where. */
export class JsonError extends Error {
  /** Counted from 1; LF, CRLF and CR end a line. */
  readonly line: number
  /** Counted from 1, in characters and not in bytes; a byte order mark is none. */
  readonly column: number

  /**
   * @param bytes the whole text.
   * @param offset of the byte that is wrong; the length of the text where it ends too early.
   * @param problem what would have been right: `expected ',' or '}'`.
   */
  constructor(bytes: Uint8Array, offset: number, problem: string) {
    const { line, column } = locate(bytes, offset)
    super(`line ${line}, column ${column}: ${problem}`)
    this.name = 'JsonError'
    this.line = line
    this.column = column
  }
}

function locate(bytes: Uint8Array, offset: number): { line: number; column: number } {
  let line = 1
  let column = 1
  for (let at = startOfText(bytes); at < offset; at++) {
    const byte = bytes[at] ?? 0
    const isContinuation = (byte & 0xc0) === 0x80
    if (byte === 0x0a || (byte === 0x0d && bytes[at + 1] !== 0x0a)) {
      line++
      column = 1
    } else if (!isContinuation) {
      column++
    }
  }
  return { line, column }
}
