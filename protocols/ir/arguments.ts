/** Follows the arguments of a tool call while their JSON text streams in, without parsing it again and again. */

export interface ArgumentsTracker {
  /** Takes the next piece, cut anywhere. */
  push(piece: string): void
  /** Nothing but white space so far. */
  readonly empty: boolean
  /** An object or list was opened and is closed again: nothing can follow. */
  readonly complete: boolean
  /** The text breaks off: something is open and it does not look like the end of an object that the model got wrong. */
  readonly truncated: boolean
}

const QUOTE = 34
const BACKSLASH = 92
const OPEN_BRACE = 123
const CLOSE_BRACE = 125
const OPEN_BRACKET = 91
const CLOSE_BRACKET = 93
const BLANK = 32

/** Linear in the length of the text; keeps no text. */
export function createArgumentsTracker(): ArgumentsTracker {
  let depth = 0
  let inString = false
  let escaped = false
  let empty = true
  let complete = false
  let lastCode = 0

  function take(code: number): void {
    if (inString) {
      if (escaped) escaped = false
      else if (code === BACKSLASH) escaped = true
      else if (code === QUOTE) inString = false
      return
    }
    if (code === QUOTE) inString = true
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) depth++
    else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      depth--
      if (depth === 0) complete = true
    }
  }

  return {
    push(piece) {
      for (let index = 0; index < piece.length; index++) {
        const code = piece.charCodeAt(index)
        take(code)
        if (code > BLANK) {
          empty = false
          lastCode = code
        }
      }
    },
    get empty() {
      return empty
    },
    get complete() {
      return complete && depth === 0 && !inString
    },
    get truncated() {
      // A stray quote leaves a string open although the model closed its object: wrong, but not cut off.
      return (depth > 0 || inString) && lastCode !== CLOSE_BRACE
    },
  }
}
