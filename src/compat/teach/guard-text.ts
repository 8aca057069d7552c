/**
 * Keeps texts of users and tools from being taken for calls. In every marker of any dialect that stands in them, an invisible
 * sign is put behind the first character; what the model repeats of them has it still, so that no parser sees a call, and
 * it is taken out again where it comes back (toolcall: nobody else may write a call).
 */

/** WORD JOINER: invisible, never part of a marker, and hardly ever in a text. */
const BREAK = '\u2060'

/** What a marker goes on with behind `<`, in any case of letters. */
const TAGS = [
  String.raw`\/?(?:[a-z]{2,8}:)?(?:tool_calls?|tool_response|tool_results?|tool_use|function_calls?|function_results?|invoke|parameter|arg_key|arg_value|tools?|think|system)\b`,
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
  return text.includes(BREAK)
    ? text.replace(MARKER, (found) => (found.endsWith(BREAK) ? found.slice(0, -1) : found))
    : text
}

/** The longest text behind a first character that decides whether it begins a marker. */
const LONGEST_MARKER = 40

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
      const at = text.lastIndexOf(BREAK)
      // Without breaks nothing is to be mended: a lone first character at the end may still get one.
      const from = at < 0 || text.length - at > LONGEST_MARKER ? lastOpening(text) : openingBefore(text, at)
      held = text.slice(from)
      return mendMarkers(text.slice(0, from))
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
  while (start > 0 && text.charAt(start - 1) === BREAK) start -= 1
  return Math.max(0, start - 1)
}
