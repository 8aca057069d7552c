/** Finds the thoughts that a model wrote into its text as `<think>...</think>` before its answer (Q26). */

/** A piece of text, told apart. */
export interface TaggedPiece {
  readonly type: 'reasoning' | 'text'
  readonly text: string
}

export interface ThinkTagSplitter {
  /** Takes the next piece of text, cut anywhere, and hands out what is decided. */
  push(text: string): void
  /** The text is over: hands out what was held back. A block that never closed was all thought (Q27). */
  end(): void
}

const OPEN = '<think>'
const CLOSE = '</think>'

/**
 * Only a tag at the very start counts: further on it is something that the model talks about. So no more is held back
 * than a possible tag, and line ends around the block, which belong to the tags.
 */
export function createThinkTagSplitter(emit: (piece: TaggedPiece) => void): ThinkTagSplitter {
  let state: 'start' | 'thinking' | 'text' = 'start'
  let held = ''
  let afterTag = false

  function say(type: TaggedPiece['type'], text: string): void {
    const rest = afterTag ? text.replace(/^[\r\n]+/, '') : text
    if (rest === '') return
    afterTag = false
    emit({ type, text: rest })
  }

  function readStart(text: string): void {
    if (text.length < OPEN.length && OPEN.startsWith(text)) {
      held = text
    } else if (text.startsWith(OPEN)) {
      state = 'thinking'
      afterTag = true
      readThought(text.slice(OPEN.length))
    } else {
      state = 'text'
      say('text', text)
    }
  }

  function readThought(text: string): void {
    const close = text.indexOf(CLOSE)
    if (close < 0) {
      const kept = text.length - possibleTag(text)
      say('reasoning', text.slice(0, kept))
      held = text.slice(kept)
      return
    }
    say('reasoning', text.slice(0, close))
    state = 'text'
    afterTag = true
    say('text', text.slice(close + CLOSE.length))
  }

  return {
    push(text) {
      const all = held === '' ? text : held + text
      held = ''
      if (state === 'text') say('text', all)
      else if (state === 'start') readStart(all)
      else readThought(all)
    },
    end() {
      const rest = held
      held = ''
      if (rest !== '') say(state === 'thinking' ? 'reasoning' : 'text', rest)
    },
  }
}

/** Length of the end of `text` that may be the beginning of the closing tag. */
function possibleTag(text: string): number {
  for (let length = Math.min(CLOSE.length - 1, text.length); length > 0; length--) {
    if (CLOSE.startsWith(text.slice(text.length - length))) return length
  }
  return 0
}
