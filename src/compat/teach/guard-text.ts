/**
 * Keeps texts of users and tools from being taken for calls. In every marker of any dialect that stands in them, an invisible
 * sign is put behind the first character; what the model repeats of them has it still, so that no parser sees a call, and
 * it is taken out again where it comes back (toolcall: nobody else may write a call).
 */

/** WORD JOINER: invisible, never part of a marker, and hardly ever in a text. */
const BREAK = '\u2060'

/** What a marker goes on with behind `<`, in any case of letters. */
const TAGS = [
  String.raw`\/?(?:[a-z]{2,8}:)?(?:tool_calls?|tool_response|tool_results?|tool_use|function_calls?|function_results?|invoke|parameter|arg_key|arg_value|tools?|think|system)\b(?!-)`,
  String.raw`\/?function[=>\s]`,
  'parameter=',
  String.raw`\/?(?:start|end)_(?:function_call|of_turn)\b`,
  String.raw`\/?s>`,
  '[|｜]',
].join('|')

const BRACKETS = String.raw`\/?(?:TOOL_CALLS|TOOL_RESULTS|AVAILABLE_TOOLS|CALL_ID|ARGS|THINK|INST)\]`

const FENCES = '``(?:tool_call|tool_code|tool_result)'

/** First character, the breaks that stand there already, and only then what makes it a marker. */
const MARKER = new RegExp(`<(${BREAK}*)(?=${TAGS})|\\[(${BREAK}*)(?=${BRACKETS})|\`(${BREAK}*)(?=${FENCES})`, 'giu')

/** One break more wherever a marker begins: those that the text has by itself are kept apart from ours (5.4). */
export function breakMarkers(text: string): string {
  return text.replace(MARKER, (found) => found + BREAK)
}

/** The text as it was before `breakMarkers`. */
export function mendMarkers(text: string): string {
  return mendUpTo(text, text.length)
}

/** The text before `end`, mended; what stands behind may tell that a marker begins before it. */
function mendUpTo(text: string, end: number): string {
  if (!text.includes(BREAK)) return text.slice(0, end)
  let mended = ''
  let from = 0
  for (const { 0: found, index } of text.matchAll(MARKER)) {
    if (index >= end) break
    if (!found.endsWith(BREAK)) continue
    const last = index + found.length - 1
    mended += text.slice(from, last)
    from = last + 1
  }
  return mended + text.slice(from, end)
}

/** The longest text behind a first character that decides whether it begins a marker. */
const LONGEST_MARKER = 40

/** Nobody breaks a marker more often than this; more would have to be held back. */
const MAX_BREAKS = 200

/** Mends a text that comes in pieces, cut anywhere. */
export interface Mender {
  /** @returns what is sure by now; only what a break stands in front of is held back. */
  push(piece: string): string
  /** @returns the rest. */
  end(): string
}

export function createMender(): Mender {
  let held = ''
  return {
    push(piece) {
      const text = held + piece
      // The first break that may still be one of ours, as the marker behind it may not be whole.
      const at = text.indexOf(BREAK, text.length - LONGEST_MARKER)
      // Without breaks nothing is to be mended: a lone first character at the end may still get one.
      const from = at < 0 ? lastOpening(text) : openingBefore(text, at)
      held = text.slice(from)
      return mendUpTo(text, from)
    },
    end() {
      const rest = mendMarkers(held)
      held = ''
      return rest
    },
  }
}

/** Where a first character stands at the very end of the text, or its end. */
function lastOpening(text: string): number {
  return /[<[`]$/.test(text) ? text.length - 1 : text.length
}

/** Where the run of breaks that ends here begins, with the character before it. */
function openingBefore(text: string, at: number): number {
  let start = at
  while (start > 0 && at - start < MAX_BREAKS && text.charAt(start - 1) === BREAK) start -= 1
  return Math.max(0, start - 1)
}
