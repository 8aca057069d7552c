/** Counts the tokens of a text, safely: tables are loaded when first needed, and no input can make it slow or throw. */
import type { CountText } from '../../protocols/ir/tokens.ts'

/** Longer texts are estimated: to count them would keep everybody else waiting. */
const COUNTED_CHARACTERS = 200_000
/** The tokenizer's time grows with the square of a piece without a break. */
const SLICE_CHARACTERS = 8192
const RUN_CHARACTERS = 128
const CHARACTERS_PER_TOKEN = 4

const LONG_RUNS = new RegExp(`\\S{${RUN_CHARACTERS}}(?=\\S)|\\s{${RUN_CHARACTERS}}(?=\\s)`, 'gu')

/**
 * Gives a function that loads the counter when it is first asked for it.
 *
 * The vocabulary is `o200k_base`, the nearest public one for models of all vendors: an estimate for all but OpenAI's.
 * Text that looks like a control token is counted as the text that it is.
 */
export function createTokenizerLoader(): () => Promise<CountText> {
  let loading: Promise<CountText> | undefined
  return () => {
    loading ??= import('gpt-tokenizer/encoding/o200k_base').then(({ countTokens }) =>
      guard((text) => countTokens(text, AS_TEXT)),
    )
    return loading
  }
}

const AS_TEXT = { allowedSpecial: new Set<string>(), disallowedSpecial: new Set<string>() }

function guard(count: CountText): CountText {
  return (text) => {
    if (text.length > COUNTED_CHARACTERS) return Math.ceil(text.length / CHARACTERS_PER_TOKEN)
    let tokens = 0
    for (const piece of breakRuns(text)) {
      for (let at = 0; at < piece.length; at += SLICE_CHARACTERS)
        tokens += count(piece.slice(at, at + SLICE_CHARACTERS))
    }
    return tokens
  }
}

/** The text cut wherever it runs on too long without a blank, or with nothing but blanks. */
function breakRuns(text: string): string[] {
  const pieces: string[] = []
  let from = 0
  for (const match of text.matchAll(LONG_RUNS)) {
    const end = match.index + match[0].length
    pieces.push(text.slice(from, end))
    from = end
  }
  pieces.push(text.slice(from))
  return pieces
}
